package io.drasi.postgres.protocol.replication;

import io.drasi.postgres.protocol.message.Lsn;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Standby status update ('r'). Components are declared in wire order.
 *
 * @param written up to where data has been received
 * @param flushed what the slot may confirm; {@link Lsn#NONE} confirms nothing
 * @param applied as {@code flushed}
 * @param sentAt when it was sent
 * @param replyRequested whether the server is to answer at once
 * @see <a href="https://www.postgresql.org/docs/current/protocol-replication.html">Manual,
 *     Streaming Replication Protocol</a>
 */
public record StandbyStatus(
    Lsn written, Lsn flushed, Lsn applied, Instant sentAt, boolean replyRequested) {
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
  private static final int LENGTH_BYTES = 1 + 4 * 8 + 1;

  /** The message's bytes, as the content of CopyData. */
  public byte[] encode() {
    return ByteBuffer.allocate(LENGTH_BYTES)
        .put((byte) 'r')
        .putLong(written.value())
        .putLong(flushed.value())
        .putLong(applied.value())
        .putLong(ChronoUnit.MICROS.between(EPOCH, sentAt))
        .put((byte) (replyRequested ? 1 : 0))
        .array();
  }
}
