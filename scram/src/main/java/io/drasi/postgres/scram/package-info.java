/**
 * The SASL mechanisms SCRAM-SHA-256 and SCRAM-SHA-256-PLUS. Start at {@link
 * io.drasi.postgres.scram.ScramSha256}.
 */
@Export
@Version("1.0.0")
package io.drasi.postgres.scram;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
