/**
 * How a session proves who it is. Start at {@link io.drasi.postgres.protocol.auth.SaslMechanism}.
 */
@Export
@Version("1.0.0")
package io.drasi.postgres.protocol.auth;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
