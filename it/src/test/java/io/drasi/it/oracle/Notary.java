package io.drasi.it.oracle;

import io.drasi.it.support.TestDatabase;
import java.sql.Connection;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Commits what others have prepared, or rolls it back, after a while and on a connection of its
 * own.
 *
 * <p>Thread-safe.
 */
final class Notary implements Callable<Void> {
  /** So many transactions may be prepared at one time; the server has a limit. */
  private static final int PREPARED = 5;

  private final TestDatabase database;
  private final Random random;
  private final Semaphore permits = new Semaphore(PREPARED);

  /** The names of prepared transactions; the last entry is empty. */
  private final BlockingQueue<Optional<String>> prepared = new LinkedBlockingQueue<>();

  Notary(TestDatabase database, Random random) {
    this.database = database;
    this.random = random;
  }

  /** Whether one more may be prepared, to be {@linkplain #add added} then. */
  boolean mayPrepare() {
    return permits.tryAcquire();
  }

  /** It was not prepared after all. */
  void release() {
    permits.release();
  }

  /** A transaction was prepared. */
  void add(String name) {
    prepared.add(Optional.of(name));
  }

  /** No more will be prepared. */
  void end() {
    prepared.add(Optional.empty());
  }

  @Override
  public Void call() throws Exception {
    try (Connection connection = database.connect()) {
      Optional<String> name = prepared.take();
      while (name.isPresent()) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(100)); // so long it is prepared, at least
        String what = random.nextInt(5) == 0 ? "ROLLBACK" : "COMMIT";
        TestDatabase.run(connection, "%s PREPARED '%s'".formatted(what, name.get()));
        release();
        name = prepared.take();
      }
    }
    return null;
  }
}
