package io.drasi.source.postgres.internal.transaction;

import io.drasi.api.change.SourceChange;
import io.drasi.postgres.decoder.position.PostgresPosition;
import java.time.Instant;
import java.util.List;

/**
 * A committed transaction, decoded.
 *
 * @param position the position right after it
 * @param xid the server's number for it, unsigned
 * @param commitTime when it was committed
 * @param changes its changes, in order; the same list for every subscriber that wants all of them
 * @param memoryBytes how many bytes of memory they take, about
 */
public record CommittedTransaction(
    PostgresPosition position,
    long xid,
    Instant commitTime,
    List<SourceChange> changes,
    long memoryBytes)
    implements PostgresTransaction {

  /** The same transaction with some of its changes: what one subscriber sees of it. */
  public CommittedTransaction withChanges(List<SourceChange> some) {
    long part = changes.isEmpty() ? 0 : memoryBytes / changes.size() * some.size();
    return new CommittedTransaction(position, xid, commitTime, some, part);
  }

  @Override
  public long changeCount() {
    return changes.size();
  }

  @Override
  public void release() {} // it has nothing but memory

  /** Without the changes, which hold rows. */
  @Override
  public String toString() {
    return "Transaction[%s, xid %d, %d changes]".formatted(position, xid, changes.size());
  }
}
