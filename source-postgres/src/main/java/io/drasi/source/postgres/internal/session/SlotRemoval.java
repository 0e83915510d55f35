package io.drasi.source.postgres.internal.session;

import io.drasi.api.source.SourceException;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.ServerErrorException;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.replication.ReplicationCommands;
import io.drasi.source.postgres.PostgresSourceConfig;
import io.drasi.source.postgres.internal.session.OpenConnections.Purpose;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Drops the replication slot of a source that has been stopped.
 *
 * <p>Confined to one thread, but for {@link #giveUp}.
 */
public final class SlotRemoval {
  private static final String OBJECT_IN_USE = "55006";

  /** The server may take a moment to notice that the source's own session has ended. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration INTERVAL = Duration.ofMillis(100);

  private final PostgresSourceConfig config;
  private final OpenConnections connections;
  private volatile boolean givenUp;

  /** The removal of a source's slot. */
  public SlotRemoval(PostgresSourceConfig config, Connector connector) {
    this.config = config;
    this.connections = new OpenConnections(connector, config.connection());
  }

  /**
   * Drops the slot; without effect when there is none.
   *
   * @throws SourceException when the server cannot be reached or refuses, or the slot stays in use,
   *     or when it is given up
   */
  public void run() {
    try (Session session = connections.open(Purpose.STREAM)) {
      session.setReadTimeout(StreamSession.SILENCE);
      var commands = new ReplicationCommands(session);
      if (commands.slot(config.slotName()).isPresent()) {
        drop(commands);
      }
    } catch (IOException e) {
      throw givenUp ? givenUp(e) : failure(new Remedies(config).explain(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("interrupted while it was in use", e);
    }
  }

  private void drop(ReplicationCommands commands) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    boolean dropped = false;
    while (!dropped) {
      try {
        commands.dropSlot(config.slotName());
        dropped = true;
      } catch (ServerErrorException e) {
        if (!e.sqlState().equals(OBJECT_IN_USE) || System.nanoTime() > end) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(INTERVAL.toMillis());
      }
    }
  }

  /** Makes it fail at once, whatever it waits for. Never waits. May be called from any thread. */
  public void giveUp() {
    givenUp = true;
    connections.close();
  }

  private SourceException givenUp(Exception cause) {
    return new SourceException(
        "the removal of the slot %s was given up, since the source was stopped or closed meanwhile; the server may have dropped it nevertheless, as pg_replication_slots shows"
            .formatted(config.slotName()),
        cause);
  }

  private SourceException failure(String why, Exception cause) {
    return new SourceException(
        "the slot %s was not dropped: %s".formatted(config.slotName(), why), cause);
  }
}
