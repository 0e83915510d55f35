package io.drasi.source.postgres.internal.transaction;

import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SourceException;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.source.postgres.internal.spill.SpillLimitException;
import java.io.IOException;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;

/**
 * A committed transaction that does not fit into memory, as one subscriber sees it. Its changes are
 * decoded while they are iterated, by as many threads as want to. They can be read until it is
 * {@linkplain #release released}; others who see the same transaction are of no concern.
 *
 * <p>Thread-safe.
 */
public final class SpilledTransaction
    implements PostgresTransaction, ReceivedTransaction, Keepable, KeptTransaction {
  private final SpilledMessages messages;
  private final ChangeFilter filter;
  private final long changeCount;
  private final boolean kept;
  private boolean released;
  private volatile Reading reading = error -> {};
  private volatile boolean readable = true;

  /** Is told how the reading goes. */
  public interface Reading {

    /** More was read. */
    default void goesOn() {}

    /** The changes cannot be read, and who reads gets an exception. */
    void failed(IOException error);
  }

  private SpilledTransaction(SpilledMessages messages, ChangeFilter filter, boolean kept) {
    this.messages = messages;
    this.filter = filter;
    this.changeCount = messages.census().count(filter);
    this.kept = kept;
    if (kept) {
      messages.addKeeper();
    } else {
      messages.addReader();
    }
  }

  /** All of a transaction, whose file goes with the last one who sees it. */
  static SpilledTransaction of(SpilledMessages messages) {
    return new SpilledTransaction(messages, ChangeFilter.ALL, false);
  }

  /** The transaction as another sees it; to be released on its own. */
  public SpilledTransaction as(ChangeFilter another) {
    return new SpilledTransaction(messages, another, false);
  }

  /** All of the transaction, for one who may read it later; to be released on its own. */
  SpilledTransaction keep() {
    return new SpilledTransaction(messages, ChangeFilter.ALL, true);
  }

  /** From now on, this is told how the reading goes. */
  public void onReading(Reading newReading) {
    reading = newReading;
  }

  @Override
  public PostgresPosition position() {
    return messages.head().position();
  }

  @Override
  public long xid() {
    return messages.head().xid();
  }

  @Override
  public Instant commitTime() {
    return messages.head().commitTime();
  }

  @Override
  public long changeCount() {
    return changeCount;
  }

  @Override
  public long memoryBytes() {
    return 0;
  }

  /** Its messages, and what decodes them. */
  SpilledMessages messages() {
    return messages;
  }

  /** How many bytes it has on disk. */
  long sizeBytes() {
    return messages.file().size();
  }

  /** Why it cannot be read; empty while it can. */
  Optional<SpillLimitException> whyLost() {
    return messages.file().whyLost();
  }

  @Override
  public SpilledTransaction committed() {
    return this;
  }

  @Override
  public SpilledTransaction raw() {
    return this;
  }

  @Override
  public void forgetRaw() {} // the changes are in the messages

  @Override
  public SpilledTransaction decode() {
    return this;
  }

  /**
   * Its changes.
   *
   * <p>Who iterates gets an {@link IllegalStateException} when the transaction was released, and a
   * {@link SourceException} when the changes cannot be read.
   */
  @Override
  public Iterable<SourceChange> changes() {
    return this::iterator;
  }

  private Iterator<SourceChange> iterator() {
    requireReadable();
    return new SpilledChanges(this, messages, filter);
  }

  void requireReadable() {
    if (!readable) {
      throw new IllegalStateException(
          "the changes of the transaction at %s can be read until it is acknowledged or its subscription ends"
              .formatted(position()));
    }
  }

  void noteReading() {
    reading.goesOn();
  }

  /** What whoever reads gets. */
  RuntimeException failure(IOException error) {
    requireReadable(); // it may have been released meanwhile, and that is why
    reading.failed(error);
    return new SourceException(
        "the changes of the transaction at %s cannot be read: %s"
            .formatted(position(), error.getMessage()),
        error);
  }

  @Override
  public void release() {
    synchronized (this) {
      if (released) {
        return;
      }
      released = true;
    }
    readable = false;
    if (kept) {
      messages.removeKeeper();
    } else {
      messages.removeReader();
    }
  }

  /** Without the changes, which hold rows. */
  @Override
  public String toString() {
    return "Transaction[%s, xid %d, %d changes, on disk]".formatted(position(), xid(), changeCount);
  }
}
