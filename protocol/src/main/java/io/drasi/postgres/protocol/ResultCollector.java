package io.drasi.postgres.protocol;

import io.drasi.postgres.protocol.message.BackendMessage;
import io.drasi.postgres.protocol.message.BackendMessage.CommandComplete;
import io.drasi.postgres.protocol.message.BackendMessage.DataRow;
import io.drasi.postgres.protocol.message.BackendMessage.EmptyQueryResponse;
import io.drasi.postgres.protocol.message.BackendMessage.ErrorResponse;
import io.drasi.postgres.protocol.message.BackendMessage.RowDescription;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers what the server answers to a query, up to ReadyForQuery. */
final class ResultCollector {
  /** What one query may take of the heap: the project's own are catalog look-ups. */
  static final int MAX_COST = 64 * 1024 * 1024;

  /** A message, and each value, costs about so much beside its characters. */
  private static final int OBJECT_COST = 32;

  private final String command;
  private final List<QueryResult> results = new ArrayList<>();
  private List<String> columns = List.of();
  private List<List<@Nullable String>> rows = new ArrayList<>();
  private long cost;
  private @Nullable ServerErrorException error;

  ResultCollector(String command) {
    this.command = command;
  }

  void add(BackendMessage message) throws ProtocolException {
    spend(OBJECT_COST);
    if (message instanceof RowDescription description) {
      columns = description.columns().stream().map(RowDescription.Column::name).toList();
    } else if (message instanceof DataRow row) {
      addRow(row.values());
    } else if (message instanceof CommandComplete complete) {
      results.add(new QueryResult(columns, rows, complete.tag()));
      columns = List.of();
      rows = new ArrayList<>();
    } else if (message instanceof ErrorResponse response) {
      error = new ServerErrorException(command, response.report());
    } else if (!(message instanceof EmptyQueryResponse)) {
      throw new ProtocolException(
          "%s: unexpected %s".formatted(command, message.getClass().getSimpleName()));
    }
  }

  private void addRow(List<@Nullable String> values) throws ProtocolException {
    if (values.size() != columns.size()) {
      throw new ProtocolException(
          "%s: a row of %d values for %d columns"
              .formatted(command, values.size(), columns.size()));
    }
    for (String value : values) {
      spend(value == null ? 8 : OBJECT_COST + value.length());
    }
    rows.add(values);
  }

  private void spend(int amount) throws ProtocolException {
    cost += amount;
    if (cost > MAX_COST) {
      throw new ProtocolException(command + " returned more than a catalog look-up can");
    }
  }

  /** Throws the error that the server reported before the connection broke, if it did. */
  void failWith(ConnectionException broken) throws ServerErrorException {
    if (error != null) {
      error.addSuppressed(broken);
      throw error;
    }
  }

  /** What was gathered, or the error the server reported. */
  List<QueryResult> finish() throws ServerErrorException {
    if (error != null) {
      throw error;
    }
    return List.copyOf(results);
  }
}
