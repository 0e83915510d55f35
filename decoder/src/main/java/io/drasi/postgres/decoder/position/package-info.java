/** Positions in PostgreSQL's stream of changes, as subscribers store them. */
@Export
@Version("1.0.0")
package io.drasi.postgres.decoder.position;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
