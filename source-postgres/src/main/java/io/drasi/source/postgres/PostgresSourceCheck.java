package io.drasi.source.postgres;

import io.drasi.api.source.Finding;
import io.drasi.postgres.protocol.Connector;
import io.drasi.source.postgres.internal.session.Checkup;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * Tells what is in order for a source and what is not, before it is started: connects as the source
 * would, looks, and changes nothing.
 */
public final class PostgresSourceCheck {
  private static final Duration LONG_TRANSACTION = Duration.ofMinutes(1);

  private PostgresSourceCheck() {}

  /** Looks, with the authentication mechanisms and credential providers on the path. */
  public static List<Finding> run(PostgresSourceConfig config) {
    return run(config, Connector.create());
  }

  /**
   * Looks.
   *
   * @param config what the source would be made from
   * @param connector by what to connect
   * @return what was found, item by item; never fails: that there is no connection is a finding
   */
  public static List<Finding> run(PostgresSourceConfig config, Connector connector) {
    return new Checkup(config, connector, Clock.systemUTC(), LONG_TRANSACTION).run();
  }
}
