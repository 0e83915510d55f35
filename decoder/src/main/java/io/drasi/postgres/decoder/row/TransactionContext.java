package io.drasi.postgres.decoder.row;

import io.drasi.postgres.protocol.message.Lsn;
import java.time.Instant;
import java.util.Objects;

/**
 * What the changes of one transaction, or the rows of one snapshot, have in common.
 *
 * @param systemIdentifier the server's ({@code IDENTIFY_SYSTEM})
 * @param endLsn the end of the transaction; for a snapshot, its consistent point
 * @param committedAt since when its changes hold; for a snapshot, when it was taken
 */
public record TransactionContext(String systemIdentifier, Lsn endLsn, Instant committedAt) {
  public TransactionContext {
    Objects.requireNonNull(systemIdentifier, "systemIdentifier");
    Objects.requireNonNull(endLsn, "endLsn");
    Objects.requireNonNull(committedAt, "committedAt");
  }
}
