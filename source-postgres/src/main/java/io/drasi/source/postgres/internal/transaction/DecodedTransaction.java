package io.drasi.source.postgres.internal.transaction;

/**
 * A transaction that fits into memory.
 *
 * @param committed its changes, decoded
 * @param raw its messages; valid until the next message is received, or they are forgotten
 */
public record DecodedTransaction(CommittedTransaction committed, RawTransaction raw)
    implements ReceivedTransaction {

  @Override
  public void forgetRaw() {
    raw.messages().clear();
  }
}
