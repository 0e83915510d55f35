package io.drasi.it.faults;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceState;
import io.drasi.bootstrap.postgres.PostgresBootstrapProvider;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.Bootstraps;
import io.drasi.it.support.TestDatabase;
import io.drasi.source.postgres.PostgresReplicationSource;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** A database, a source that streams it, and a subscriber that acknowledges by hand. */
final class Scene implements AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final TestDatabase database;
  private final FaultLoad load;
  private final ManagedSource source;
  private final FaultFollower follower;

  /** Sets what is particular about a source. */
  interface Settings {
    void set(PostgresReplicationSource.Builder source, PostgresBootstrapProvider.Builder provider);
  }

  private Scene(EmbeddedPostgres server, String id, Settings settings) throws SQLException {
    this.database = TestDatabase.create(server);
    this.load = FaultLoad.create(database, id.hashCode());
    PostgresReplicationSource.Builder builder = database.source(id);
    PostgresBootstrapProvider.Builder provider = Bootstraps.provider(database);
    settings.set(builder, provider);
    this.source = builder.withBootstrapProvider(provider.build()).build();
    this.follower = FaultFollower.start(source, "stays");
  }

  /** A scene in which everything is well. */
  static Scene on(EmbeddedPostgres server, String id) throws Exception {
    return on(server, id, (source, provider) -> {});
  }

  /** A scene in which everything is well, with a source of one's own. */
  static Scene on(EmbeddedPostgres server, String id, Settings settings) throws Exception {
    var scene = new Scene(server, id, settings);
    scene.source.start();
    scene.writeAndCompare();
    return scene;
  }

  TestDatabase database() {
    return database;
  }

  ManagedSource source() {
    return source;
  }

  FaultLoad load() {
    return load;
  }

  /** Writes, waits until the subscriber has it, and compares its copy with the tables. */
  void writeAndCompare() throws Exception {
    load.round();
    String last = load.last();
    eventually("the subscriber has " + last, LONG, () -> follower.has(last));
    assertThat(follower.mistakes(database)).as("mistakes").isEmpty();
  }

  /** The server was away. */
  void reconnectLoad() throws SQLException {
    load.reconnect();
  }

  /** Ends the server's process that streams. */
  void terminate() throws SQLException {
    database.run(
        "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '%s'"
            .formatted(database.slot()));
  }

  /** Waits for a state; gives its message. */
  String await(SourceState state) throws Exception {
    var seen = new AtomicReference<>(source.status()); // it may be another one right after
    eventually(
        "%s, was %s".formatted(state, seen),
        LONG,
        () -> {
          seen.set(source.status());
          return seen.get().state() == state && seen.get().error().isPresent();
        });
    return seen.get().error().orElseThrow().getMessage();
  }

  /** How many transactions were compared. */
  long transactions() {
    return load.transactions();
  }

  /** How many came twice. */
  int doubled() {
    return follower.doubled();
  }

  @Override
  public void close() throws SQLException, IOException {
    follower.close();
    source.close();
    load.close();
    database.close();
  }
}
