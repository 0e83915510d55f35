package io.drasi.source.postgres.internal.session;

import io.drasi.postgres.protocol.Session;
import io.drasi.source.postgres.PostgresSourceConfig;
import io.drasi.source.postgres.internal.delivery.SubscriptionHub;
import io.drasi.source.postgres.internal.session.OpenConnections.Purpose;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks on a short connection, now and then while the stream goes on, how much of the server's log
 * the slot keeps.
 */
final class SlotWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SlotWatch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  private final PostgresSourceConfig config;
  private final OpenConnections connections;
  private final SubscriptionHub hub;
  private final RetainedWal retained;
  private final PeriodicLook looks;

  SlotWatch(PostgresSourceConfig config, OpenConnections connections, SubscriptionHub hub) {
    this.config = config;
    this.connections = connections;
    this.hub = hub;
    this.retained = new RetainedWal(config.id(), config.slotName());
    this.looks = PeriodicLook.begin(config.id() + "-watch", INTERVAL, this::look);
  }

  private boolean look() {
    try (Session session = connections.open(Purpose.WATCH)) {
      session.setReadTimeout(StreamSession.SILENCE);
      retained.look(session, why());
    } catch (IOException e) { // whether the stream is lost, its own connection shows
      log.debug("{}: it cannot be asked how much log the slot keeps", config.id(), e);
    }
    return true;
  }

  private String why() {
    return hub.holder()
        .map(
            who ->
                who
                    + "; let it take and acknowledge its events, close its subscription, or forget it")
        .orElse(
            "a transaction has been open for long, or the server has not come to a checkpoint;"
                + " see pg_stat_activity and pg_prepared_xacts");
  }

  @Override
  public void close() {
    looks.close();
  }
}
