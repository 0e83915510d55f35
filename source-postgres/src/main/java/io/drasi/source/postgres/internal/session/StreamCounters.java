package io.drasi.source.postgres.internal.session;

import java.util.concurrent.atomic.AtomicLong;

/** What a source has done since it was created. Thread-safe. */
public final class StreamCounters {
  private final AtomicLong transactions = new AtomicLong();
  private final AtomicLong changes = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong sessions = new AtomicLong();

  /** Counters at zero. */
  public StreamCounters() {}

  void addBytes(long count) {
    bytes.addAndGet(count);
  }

  void addTransaction(long changeCount) {
    transactions.incrementAndGet();
    changes.addAndGet(changeCount);
  }

  /** One more session has begun to stream. */
  public void addSession() {
    sessions.incrementAndGet();
  }

  /** How many transactions were handed to subscriptions. */
  public long transactions() {
    return transactions.get();
  }

  /** How many changes they held. */
  public long changes() {
    return changes.get();
  }

  /** How many bytes the output plugin sent. */
  public long bytes() {
    return bytes.get();
  }

  /** How many sessions have begun to stream. */
  public long sessions() {
    return sessions.get();
  }
}
