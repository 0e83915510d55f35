package io.drasi.source.postgres.internal.session;

import io.drasi.api.source.SourceException;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.ServerErrorException;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import io.drasi.postgres.protocol.replication.ReplicationCommands;
import io.drasi.source.postgres.PostgresSourceConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Drops the replication slot of a source that has been stopped. */
public final class SlotRemoval {
  private static final String OBJECT_IN_USE = "55006";

  /** The server may take a moment to notice that the source's own session has ended. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration INTERVAL = Duration.ofMillis(100);

  private final PostgresSourceConfig config;
  private final Connector connector;

  /** The removal of a source's slot. */
  public SlotRemoval(PostgresSourceConfig config, Connector connector) {
    this.config = config;
    this.connector = connector;
  }

  /**
   * Drops the slot; without effect when there is none.
   *
   * @throws SourceException when the server cannot be reached or refuses, or the slot stays in use
   */
  public void run() {
    try (Session session = connector.connect(config.connection(), SessionMode.REPLICATION)) {
      session.setReadTimeout(StreamSession.SILENCE);
      var commands = new ReplicationCommands(session);
      if (commands.slot(config.slotName()).isPresent()) {
        drop(commands);
      }
    } catch (IOException e) {
      throw failure(new Remedies(config).explain(e), e);
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

  private SourceException failure(String why, Exception cause) {
    return new SourceException(
        "the slot %s was not dropped: %s".formatted(config.slotName(), why), cause);
  }
}
