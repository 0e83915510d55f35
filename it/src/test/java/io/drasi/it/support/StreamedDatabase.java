package io.drasi.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.change.Element;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A database with a source {@code shop} that streams it to one subscriber. */
public final class StreamedDatabase implements AutoCloseable {
  private final TestDatabase database;
  private final ManagedSource source;
  private final Subscription subscription;

  private StreamedDatabase(TestDatabase database) {
    this.database = database;
    this.source = database.source("shop").build();
    this.subscription = source.subscribe(SubscriptionRequest.of("query"));
  }

  /**
   * Streams a database, which is closed with this.
   *
   * @param statements are run before it begins; they make the publication
   */
  public static StreamedDatabase start(TestDatabase database, String... statements)
      throws Exception {
    Bootstraps.setUp(database, statements);
    var streamed = new StreamedDatabase(database);
    streamed.source.start();
    Eventually.awaitRunning(streamed.source);
    return streamed;
  }

  /** The database. */
  public TestDatabase database() {
    return database;
  }

  /** The source. */
  public ManagedSource source() {
    return source;
  }

  /** Runs statements, and gives the changes of the next transaction that has any. */
  public List<SourceChange> changes(String... statements) throws Exception {
    database.run(statements);
    List<SourceChange> changes = new ArrayList<>();
    Transactions.next(subscription).changes().forEach(changes::add);
    return changes;
  }

  /** Runs statements as one transaction, and gives the elements that it inserts. */
  public List<Element> inserted(String... statements) throws Exception {
    return changes("BEGIN; " + String.join("; ", statements) + "; COMMIT").stream()
        .map(change -> ((SourceChange.Insert) change).element())
        .toList();
  }

  /** Runs statements, and gives the only change, an update. */
  public SourceChange.Update update(String... statements) throws Exception {
    List<SourceChange> changes = changes(statements);
    assertThat(changes).hasSize(1);
    return (SourceChange.Update) changes.get(0);
  }

  @Override
  public void close() throws SQLException {
    source.close();
    database.close();
  }
}
