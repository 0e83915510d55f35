/**
 * Replication commands and what flows in a stream. Start at {@link
 * io.drasi.postgres.protocol.replication.ReplicationCommands}.
 */
@Export
@Version("1.0.0")
package io.drasi.postgres.protocol.replication;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
