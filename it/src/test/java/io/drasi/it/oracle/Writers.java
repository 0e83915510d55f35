package io.drasi.it.oracle;

import io.drasi.it.support.TestDatabase;
import io.drasi.it.support.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Several writers to the {@link OracleTables}, and a notary that ends what they have prepared. What
 * each of them does is a matter of the seed; how they meet is not.
 */
public final class Writers implements AutoCloseable {
  private final Notary notary;
  private final List<Writer> writers = new ArrayList<>();
  private final List<FutureTask<Void>> tasks = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  private Writers(TestDatabase database, Random random, int count) {
    notary = new Notary(database, new Random(random.nextLong()));
    for (int number = 1; number <= count; number++) {
      writers.add(new Writer(database, number, new Random(random.nextLong()), notary));
    }
  }

  /** Starts so many writers. */
  public static Writers start(TestDatabase database, Random random, int count) {
    var all = new Writers(database, random, count);
    for (Writer writer : all.writers) {
      all.start("writer-" + (all.tasks.size() + 1), new FutureTask<>(writer));
    }
    all.start("notary", new FutureTask<>(all.notary));
    return all;
  }

  private void start(String name, FutureTask<Void> task) {
    var thread = new Thread(task, name);
    thread.setDaemon(true);
    tasks.add(task);
    threads.add(thread);
    thread.start();
  }

  /** Whether they write large rows, and nothing else, from now on. */
  void writeLargeRows(boolean large) {
    writers.forEach(writer -> writer.writeLargeRows(large));
  }

  /** Ends them, and throws what has gone wrong, if anything has. */
  public void end() throws ExecutionException, InterruptedException {
    close();
    for (FutureTask<Void> task : tasks) {
      task.get();
    }
  }

  /** Lets them end their last transactions, those that are prepared too, and waits for them. */
  @Override
  public void close() {
    writers.forEach(Writer::end);
    threads.subList(0, writers.size()).forEach(Threads::join);
    notary.end();
    threads.forEach(Threads::join);
  }
}
