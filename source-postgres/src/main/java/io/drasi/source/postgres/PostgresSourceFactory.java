package io.drasi.source.postgres;

import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceFactory;
import java.util.Map;

/** Makes PostgreSQL sources from options. */
public final class PostgresSourceFactory implements SourceFactory {

  /** The factory; it has no state. */
  public PostgresSourceFactory() {}

  /** {@code postgres}. */
  @Override
  public String kind() {
    return PostgresReplicationSource.KIND;
  }

  @Override
  public ManagedSource create(Map<String, ?> options) {
    return PostgresReplicationSource.create(PostgresSourceConfig.parse(options));
  }
}
