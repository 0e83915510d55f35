/**
 * From the raw messages of a transaction to its changes. Start at {@link
 * io.drasi.source.postgres.internal.transaction.TransactionAssembler}.
 */
package io.drasi.source.postgres.internal.transaction;
