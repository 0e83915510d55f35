package io.drasi.it.oracle;

import io.drasi.it.support.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Writes one transaction after the other, on a connection and a thread of its own: short ones and
 * long ones, some with savepoints, some that stay open for a while; commits, rolls back or prepares
 * them. Each ends with a row in the ledger that says how many changes the stream has before it:
 * such a row is never touched again, so that a transaction that is lost or torn shows for ever.
 */
final class Writer implements Callable<Void> {
  /** Writers get in each other's way: a key that is taken, a deadlock, a lock not had in time. */
  private static final Set<String> EXPECTED = Set.of("23505", "40P01", "55P03");

  private final TestDatabase database;
  private final int number;
  private final Random random;
  private final Notary notary;
  private int count;
  private volatile boolean large;
  private volatile boolean ending;

  Writer(TestDatabase database, int number, Random random, Notary notary) {
    this.database = database;
    this.number = number;
    this.random = random;
    this.notary = notary;
  }

  /** Whether it writes a large row of its own, and nothing else, from the next transaction on. */
  void writeLargeRows(boolean newLarge) {
    large = newLarge;
  }

  /** Lets it end after its transaction. */
  void end() {
    ending = true;
  }

  @Override
  public Void call() throws Exception {
    try (Connection connection = database.connect()) {
      TestDatabase.run(connection, "SET deadlock_timeout = '50ms'; SET lock_timeout = '2s'");
      while (!ending) {
        writeTransaction(connection);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(10));
      }
    }
    return null;
  }

  private void writeTransaction(Connection connection) throws SQLException, InterruptedException {
    TestDatabase.run(connection, "BEGIN");
    try {
      int changes =
          large
              ? new Statements(connection, random).writeLarge(number, 10)
              : writeChanges(connection);
      TestDatabase.run(
          connection,
          "INSERT INTO ledger (writer, changes) VALUES (%d, %d)".formatted(number, changes));
      finish(connection);
    } catch (SQLException e) {
      if (!EXPECTED.contains(e.getSQLState())) {
        throw e;
      }
      TestDatabase.run(connection, "ROLLBACK");
    }
  }

  private int writeChanges(Connection connection) throws SQLException, InterruptedException {
    var statements = new Statements(connection, random);
    int changes = 0;
    for (int parts = oneIn(20) ? 10 : 1 + random.nextInt(2); parts > 0; parts--) {
      changes += statements.write(1 + random.nextInt(3));
      if (oneIn(5)) {
        changes += writeInSavepoint(connection, statements);
      }
      if (oneIn(60)) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(300)); // it stays open for so long
      }
    }
    return changes;
  }

  private int writeInSavepoint(Connection connection, Statements statements) throws SQLException {
    TestDatabase.run(connection, "SAVEPOINT part");
    int changes = statements.write(1 + random.nextInt(3));
    if (oneIn(2)) {
      TestDatabase.run(connection, "ROLLBACK TO SAVEPOINT part");
      return 0;
    }
    TestDatabase.run(connection, "RELEASE SAVEPOINT part");
    return changes;
  }

  private void finish(Connection connection) throws SQLException {
    count++;
    if (oneIn(8)) {
      TestDatabase.run(connection, "ROLLBACK");
    } else if (oneIn(8) && notary.mayPrepare()) {
      String name = "%s_%d_%d".formatted(database.name(), number, count);
      TestDatabase.run(connection, "PREPARE TRANSACTION '%s'".formatted(name));
      notary.add(name);
    } else {
      TestDatabase.run(connection, "COMMIT");
    }
  }

  private boolean oneIn(int cases) {
    return random.nextInt(cases) == 0;
  }
}
