package io.drasi.source.postgres.internal.transaction;

import io.drasi.postgres.decoder.position.PostgresPosition;
import java.time.Instant;

/**
 * What is known of a transaction when it commits, but for its changes.
 *
 * @param position the position right after it
 * @param xid the server's number for it, unsigned
 * @param commitTime when it was committed
 */
record CommitHead(PostgresPosition position, long xid, Instant commitTime) {}
