package io.drasi.postgres.protocol.replication;

import io.drasi.postgres.protocol.message.Lsn;
import java.util.Optional;

/**
 * What CREATE_REPLICATION_SLOT tells.
 *
 * @param consistentPoint transactions that commit here or later are streamed
 * @param snapshotName the exported snapshot, which shows all that committed before; valid until the
 *     session's next command
 */
public record CreatedSlot(Lsn consistentPoint, Optional<String> snapshotName) {}
