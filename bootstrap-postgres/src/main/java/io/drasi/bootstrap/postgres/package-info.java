/**
 * The rows that a publication's tables hold. Start at {@link
 * io.drasi.bootstrap.postgres.PostgresBootstrapProvider}.
 */
@Export
@Version("1.0.0")
package io.drasi.bootstrap.postgres;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
