package io.drasi.source.postgres.internal.session;

import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.ServerErrorException;
import io.drasi.postgres.protocol.Session;
import io.drasi.source.postgres.PostgresSourceConfig;
import io.drasi.source.postgres.internal.delivery.HoldWatch;
import io.drasi.source.postgres.internal.session.OpenConnections.Purpose;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * While a subscriber holds the stream back nothing is read, and the server's fast shutdown, which
 * waits until all that was sent is read, would wait for the subscriber. A short connection now and
 * then tells whether the server shuts down; the session is then given up.
 *
 * <p>Confined to the replication thread.
 */
final class HoldProbe implements HoldWatch {
  private static final Logger log = LoggerFactory.getLogger(HoldProbe.class);
  private static final String CANNOT_CONNECT_NOW = "57P03";

  private final PostgresSourceConfig config;
  private final OpenConnections connections;
  private @Nullable String told;

  HoldProbe(PostgresSourceConfig config, OpenConnections connections) {
    this.config = config;
    this.connections = connections;
  }

  @Override
  public void stillHeld(String subscriber, Duration since) throws IOException {
    if (!subscriber.equals(told)) {
      told = subscriber;
      log.warn(
          "{}: {} holds the stream back for {} s now, and with it the server's write-ahead log and"
              + " all other subscribers; let it take its events, or close its subscription",
          config.id(),
          subscriber,
          since.toSeconds());
    }
    try (Session probe = connections.open(Purpose.PROBE)) {
      log.trace("{}: {} is there", config.id(), probe.serverVersion());
    } catch (ServerErrorException e) {
      if (e.sqlState().equals(CANNOT_CONNECT_NOW)) {
        throw new ConnectionException("the server shuts down", e);
      }
      log.debug("{}: the server refuses another connection", config.id(), e);
    } catch (ConnectionException e) { // whether the session's own is lost, its next read shows
      log.debug("{}: the server does not take another connection", config.id(), e);
    }
  }

  /** The stream flows. */
  void released() {
    if (told != null) {
      log.info("{}: {} takes its events again", config.id(), told);
      told = null;
    }
  }
}
