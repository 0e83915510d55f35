package io.drasi.source.postgres.internal.session;

import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.replication.ReplicationCommands;
import io.drasi.postgres.protocol.replication.SlotName;
import io.drasi.postgres.protocol.replication.SlotState;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns while nobody subscribes: the slot then keeps the server's write-ahead log, and that grows.
 *
 * <p>Confined to the replication thread.
 */
final class RetainedWal {
  private static final Logger log = LoggerFactory.getLogger(RetainedWal.class);
  private static final long FIRST_WARNING_BYTES = 256L << 20;

  private final String sourceId;
  private final SlotName slot;
  private final ReplicationCommands commands;
  private long warnAtBytes = FIRST_WARNING_BYTES;

  RetainedWal(String sourceId, SlotName slot, Session session) {
    this.sourceId = sourceId;
    this.slot = slot;
    this.commands = new ReplicationCommands(session);
  }

  /** Looks, and warns when there is much, and again when it has doubled. */
  void look() throws IOException {
    Optional<Lsn> oldest = commands.slot(slot).flatMap(SlotState::restart);
    if (oldest.isPresent()) {
      long bytes = commands.identifySystem().flushed().value() - oldest.get().value();
      if (bytes >= warnAtBytes) {
        log.warn(
            "{}: the slot {} keeps {} MiB of the server's write-ahead log, since nobody subscribes;"
                + " subscribe, or remove the slot with deprovision()",
            sourceId,
            slot,
            bytes >> 20);
        warnAtBytes = 2 * bytes;
      }
    }
  }
}
