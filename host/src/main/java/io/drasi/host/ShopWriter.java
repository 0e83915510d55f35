package io.drasi.host;

import io.drasi.postgres.protocol.Session;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the shop busy, on a thread of its own, from {@link #begin} until it is closed. Thread-safe.
 */
final class ShopWriter implements AutoCloseable {
  private static final long CLOSE_MILLIS = 5_000;

  private final ShopDatabase shop;
  private final long pauseNanos;
  private final Runnable onFailure;
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicLong rolledBack = new AtomicLong();
  private final Thread thread = new Thread(this::run, "shop-writer");
  private volatile @Nullable IOException failure;

  /**
   * A writer that waits for its beginning.
   *
   * @param rate transactions per second
   * @param onFailure called when it cannot go on; {@link #failure} tells why
   */
  ShopWriter(ShopDatabase shop, double rate, Runnable onFailure) {
    this.shop = shop;
    this.pauseNanos = Math.round(TimeUnit.SECONDS.toNanos(1) / rate);
    this.onFailure = onFailure;
    thread.setDaemon(true);
    thread.start();
  }

  /** Lets it begin. Without effect after the first time. */
  void begin() {
    begun.countDown();
  }

  /** How many transactions it rolled back. */
  long rolledBack() {
    return rolledBack.get();
  }

  /** Why it could not go on. */
  Optional<IOException> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public void close() {
    closed.countDown();
    begun.countDown();
    boolean interrupted = Thread.interrupted();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      begun.await();
      write(new ShopScript());
    } catch (IOException e) {
      failure = e;
      onFailure.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(ShopScript script) throws IOException, InterruptedException {
    if (closed.getCount() == 0) {
      return;
    }
    try (Session session = shop.connect()) {
      while (!closed.await(pauseNanos, TimeUnit.NANOSECONDS)) {
        ShopScript.Transaction transaction = script.next();
        session.query(transaction.sql());
        if (!transaction.committed()) {
          rolledBack.incrementAndGet();
        }
      }
    }
  }
}
