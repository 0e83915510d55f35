/**
 * Rows as elements: table names, keys, element ids, and what a change of a row means. Start at
 * {@link io.drasi.postgres.decoder.row.ElementMapper}.
 */
@Export
@Version("1.0.0")
package io.drasi.postgres.decoder.row;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
