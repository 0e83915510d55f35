/** The PostgreSQL source. Start at {@link io.drasi.source.postgres.PostgresReplicationSource}. */
@Export
@Version("1.0.0")
package io.drasi.source.postgres;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
