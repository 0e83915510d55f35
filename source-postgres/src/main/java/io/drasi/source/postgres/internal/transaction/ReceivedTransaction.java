package io.drasi.source.postgres.internal.transaction;

/**
 * A transaction as it comes from the stream.
 *
 * @param committed its changes, decoded
 * @param raw its messages; valid until the next message is received
 */
public record ReceivedTransaction(CommittedTransaction committed, RawTransaction raw) {}
