/**
 * Opening a session with a PostgreSQL server and asking it questions. Start at {@link
 * io.drasi.postgres.protocol.Connector}.
 */
@Export
@Version("1.0.0")
package io.drasi.postgres.protocol;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
