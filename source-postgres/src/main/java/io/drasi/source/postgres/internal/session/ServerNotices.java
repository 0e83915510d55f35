package io.drasi.source.postgres.internal.session;

import io.drasi.api.source.SourceException;
import io.drasi.postgres.protocol.message.ServerReport;
import io.drasi.source.postgres.PostgresSourceConfig;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server remarks while it streams. It is logged; and one remark says that changes are
 * missing: PostgreSQL 18 does not end the stream when it cannot load the publication, it says so
 * and skips the changes, which must not be confirmed.
 *
 * <p>Confined to the replication thread.
 */
final class ServerNotices implements Consumer<ServerReport> {
  private static final Logger log = LoggerFactory.getLogger(ServerNotices.class);
  private static final String OBJECT_NOT_IN_PREREQUISITE_STATE = "55000";

  private final PostgresSourceConfig config;
  private @Nullable SourceException skippedChanges;

  ServerNotices(PostgresSourceConfig config) {
    this.config = config;
  }

  @Override
  public void accept(ServerReport report) {
    if (report.severity().equals("WARNING")
        && report.sqlState().equals(OBJECT_NOT_IN_PREREQUISITE_STATE)) {
      skippedChanges =
          new SourceException(
              "the server skips changes: %s; was the publication %s created after the changes that"
                      .formatted(report.message(), config.publicationName())
                  + " are being read, or dropped? Create it, drop the slot, make a new source (or"
                  + " run the command again) and bootstrap the subscribers again",
              null);
    }
    log.warn("{}: the server says: {}", config.id(), report);
  }

  /**
   * Ends a stream that has a gap.
   *
   * @throws SourceException when the server has skipped changes
   */
  void requireNothingSkipped() {
    if (skippedChanges != null) {
      throw skippedChanges;
    }
  }
}
