package io.drasi.bootstrap.postgres.internal;

import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.row.TransactionContext;

/**
 * A snapshot that workers have taken over.
 *
 * @param position its place in the stream
 * @param context what its rows have in common
 */
record Snapshot(PostgresPosition position, TransactionContext context) {}
