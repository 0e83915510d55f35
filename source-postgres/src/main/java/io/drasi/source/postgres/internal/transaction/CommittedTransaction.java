package io.drasi.source.postgres.internal.transaction;

import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SourceEvent;
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
 */
public record CommittedTransaction(
    PostgresPosition position, long xid, Instant commitTime, List<SourceChange> changes)
    implements SourceEvent.Transaction {

  /** The same transaction with other changes: what one subscriber sees of it. */
  public CommittedTransaction withChanges(List<SourceChange> some) {
    return new CommittedTransaction(position, xid, commitTime, some);
  }

  /** Without the changes, which hold rows. */
  @Override
  public String toString() {
    return "Transaction[%s, xid %d, %d changes]".formatted(position, xid, changes.size());
  }
}
