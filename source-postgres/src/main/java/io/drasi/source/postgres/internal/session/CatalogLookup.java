package io.drasi.source.postgres.internal.session;

import io.drasi.postgres.decoder.row.TableIdentity;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.postgres.decoder.value.TypeDescription;
import io.drasi.postgres.protocol.Session;
import io.drasi.source.postgres.internal.session.OpenConnections.Purpose;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks the catalog while the stream goes on, which the replication connection cannot. Where tables
 * are described often, as in transactions that are streamed, its connection serves more than once;
 * otherwise it is closed soon.
 *
 * <p>Confined to the replication thread.
 */
final class CatalogLookup implements AutoCloseable {
  private static final Duration IDLE = Duration.ofSeconds(5);

  private final OpenConnections connections;
  private @Nullable Session session;
  private long usedAtNanos;

  CatalogLookup(OpenConnections connections) {
    this.connections = connections;
  }

  private interface Question<T> {
    T ask(Catalog catalog) throws IOException;
  }

  /** What identifies the rows of a table; empty when there is no such table. */
  Optional<TableIdentity> identity(TableName table) throws IOException {
    return ask(catalog -> catalog.identity(table));
  }

  /** What these types are, and all that they are made of. */
  List<TypeDescription> types(Collection<Integer> typeOids) throws IOException {
    return ask(catalog -> catalog.types(typeOids));
  }

  private <T> T ask(Question<T> question) throws IOException {
    Session kept = session;
    if (kept != null) {
      try {
        return ask(question, kept);
      } catch (IOException e) { // it may have been lost since it was used last
        close();
      }
    }
    Session opened = connections.open(Purpose.LOOKUP);
    opened.setReadTimeout(StreamSession.SILENCE);
    session = opened;
    return ask(question, opened);
  }

  private <T> T ask(Question<T> question, Session of) throws IOException {
    T answer = question.ask(new Catalog(of));
    usedAtNanos = System.nanoTime();
    return answer;
  }

  /** Closes the connection when it has not been needed for a while. */
  void closeWhenIdle() {
    if (session != null && System.nanoTime() - usedAtNanos > IDLE.toNanos()) {
      close();
    }
  }

  @Override
  public void close() {
    Session closed = session;
    session = null;
    if (closed != null) {
      closed.close();
    }
  }
}
