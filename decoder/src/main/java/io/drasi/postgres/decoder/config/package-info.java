/**
 * Options that a source and its bootstrap have in common. Start at {@link
 * io.drasi.postgres.decoder.config.ConnectionOptions}.
 */
@Export
@Version("1.0.0")
package io.drasi.postgres.decoder.config;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
