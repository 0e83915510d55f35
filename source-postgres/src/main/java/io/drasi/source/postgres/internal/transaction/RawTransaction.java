package io.drasi.source.postgres.internal.transaction;

import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.row.RelationCache;
import java.time.Instant;
import java.util.List;

/**
 * The messages of a transaction as they were received, with what decodes them once more. Valid
 * until the next message is received; whoever needs it longer puts it into a {@link Backlog}.
 *
 * @param position the position right after it
 * @param xid the server's number for it, unsigned
 * @param commitTime when it was committed
 * @param messages its messages
 * @param relations the tables as they were known at its begin, and after each of its Relation
 *     messages
 */
public record RawTransaction(
    PostgresPosition position,
    long xid,
    Instant commitTime,
    TransactionBuffer messages,
    List<RelationCache> relations)
    implements Keepable {

  /** Without the messages, which hold rows. */
  @Override
  public String toString() {
    return "RawTransaction[%s, xid %d, %d bytes]".formatted(position, xid, messages.framedBytes());
  }
}
