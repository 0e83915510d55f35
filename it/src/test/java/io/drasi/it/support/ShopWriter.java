package io.drasi.it.support;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes to a table {@code items (id bigint PRIMARY KEY, name text, amount int)}: inserts, updates,
 * deletes, key changes, roll-backs; many small transactions. Each one ends with a row in {@code
 * ledger (id bigint PRIMARY KEY, changes int)} that says how many changes came before it: such a
 * row is never touched again, so that a transaction that is lost shows for ever. Goes on over lost
 * connections, as an application would.
 */
public final class ShopWriter implements AutoCloseable {
  private static final int IDS = 200;

  private final TestDatabase database;
  private final Random random;
  private final Thread thread = new Thread(this::write, "writer");
  private final AtomicLong lost = new AtomicLong();
  private volatile boolean ending;
  private final AtomicLong committed = new AtomicLong();

  private ShopWriter(TestDatabase database, long seed) {
    this.database = database;
    this.random = new Random(seed);
  }

  /** Creates what the writer writes to, and its publication. */
  public static void createSchema(TestDatabase database) throws SQLException {
    database.run(
        "CREATE TABLE items (id bigint PRIMARY KEY, name text, amount int)",
        "CREATE TABLE ledger (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, changes int)",
        "CREATE PUBLICATION drasi_publication FOR TABLE items, ledger");
  }

  /** Starts to write. */
  public static ShopWriter start(TestDatabase database, long seed) {
    var writer = new ShopWriter(database, seed);
    writer.thread.start();
    return writer;
  }

  /** Writes so many transactions, and ends. */
  public static void write(TestDatabase database, long seed, int transactions) throws SQLException {
    var writer = new ShopWriter(database, seed);
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      while (writer.committed() < transactions) {
        writer.writeTransaction(connection);
      }
    }
  }

  /** How many transactions were committed. */
  public long committed() {
    return committed.get();
  }

  /** How often the writer lost its connection. */
  public long lost() {
    return lost.get();
  }

  private void write() {
    while (!ending) {
      try (Connection connection = database.connect()) {
        connection.setAutoCommit(false);
        while (!ending) {
          writeTransaction(connection);
          TimeUnit.MILLISECONDS.sleep(2);
        }
      } catch (SQLException e) {
        // The server is away: the test took it away, and gives it back.
        lost.incrementAndGet();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void writeTransaction(Connection connection) throws SQLException {
    int statements = 1 + random.nextInt(4);
    int changes = 0;
    for (int i = 0; i < statements; i++) {
      changes += writeStatement(connection);
    }
    TestDatabase.run(connection, "INSERT INTO ledger (changes) VALUES (%d)".formatted(changes));
    if (random.nextInt(10) == 0) {
      connection.rollback();
    } else {
      connection.commit();
      committed.incrementAndGet();
    }
  }

  /** Gives the number of changes in the stream. */
  private int writeStatement(Connection connection) throws SQLException {
    long id = random.nextInt(IDS);
    int kind = random.nextInt(6);
    String sql =
        switch (kind) {
          case 0, 1, 2 ->
              "INSERT INTO items VALUES (?, 'new', ?) ON CONFLICT (id) DO UPDATE SET amount = excluded.amount";
          case 3 -> "UPDATE items SET name = name || 'x' WHERE id = ? AND amount <> ?";
          case 4 -> "DELETE FROM items WHERE id = ? AND amount <> ?";
          default ->
              "UPDATE items SET id = id + %d WHERE id = ? AND amount <> ?".formatted(IDS)
                  + " AND NOT EXISTS (SELECT FROM items o WHERE o.id = items.id + %d)"
                      .formatted(IDS);
        };
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, id);
      statement.setInt(2, random.nextInt(1_000_000));
      boolean changesKey = kind == 5;
      return statement.executeUpdate() * (changesKey ? 2 : 1); // as a deletion and an insertion
    }
  }

  /** Ends, and waits for the last transaction. */
  @Override
  public void close() {
    ending = true;
    Threads.join(thread);
  }
}
