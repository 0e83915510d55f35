package io.drasi.host;

import io.drasi.postgres.protocol.Session;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the shop busy, on a thread of its own, from when its changes are streamed until it is
 * closed. Thread-safe.
 */
final class ShopWriter implements AutoCloseable {
  private static final long CLOSE_MILLIS = 5_000;
  private static final long LOOK_MILLIS = 50;

  private final ShopDatabase shop;
  private final long pauseNanos;
  private final Runnable onFailure;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicLong rolledBack = new AtomicLong();
  private final Thread thread = new Thread(this::run, "shop-writer");
  private volatile @Nullable IOException failure;

  /**
   * A writer that waits until somebody streams the changes, so that the stream begins with the
   * first one.
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
      write(new ShopScript());
    } catch (IOException e) {
      failure = e;
      onFailure.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isStreamed(Session session) throws IOException {
    return !session
        .query("SELECT 1 FROM pg_replication_slots WHERE active")
        .get(0)
        .rows()
        .isEmpty();
  }

  private void write(ShopScript script) throws IOException, InterruptedException {
    try (Session session = shop.connect()) {
      while (!isStreamed(session) && !closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        // Looks again.
      }
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
