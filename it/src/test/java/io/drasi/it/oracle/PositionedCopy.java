package io.drasi.it.oracle;

import io.drasi.api.change.Element;
import io.drasi.api.change.ElementReference;
import io.drasi.api.change.ElementValue;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourcePosition;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber's copy of the {@link OracleTables} with the position it belongs to, kept from the
 * events alone, and strict: each transaction comes after the one before, its changes fit the rows
 * that are there, and where the ledger is copied it is whole. What is wrong is an {@link
 * AssertionError}.
 *
 * <p>Not thread-safe.
 */
public final class PositionedCopy {
  private final Set<String> labels;
  private final Map<String, Map<String, String>> rows;
  private @Nullable SourcePosition position;
  private String deletedId = "";
  private Map<String, String> deletedRow = Map.of();

  /**
   * A copy of nothing. It has no position before a bootstrap is complete.
   *
   * @param labels the tables that are copied
   */
  public PositionedCopy(Set<String> labels) {
    this(labels, Map.of(), null);
  }

  /** A copy as it was at a position. */
  public PositionedCopy(
      Set<String> labels,
      Map<String, Map<String, String>> rows,
      @Nullable SourcePosition position) {
    this.labels = labels;
    this.rows = new HashMap<>(rows);
    this.position = position;
  }

  /** The same copy once more, which goes its own way. */
  public PositionedCopy again() {
    return new PositionedCopy(labels, rows, position);
  }

  /** The tables that are copied. */
  public Set<String> labels() {
    return labels;
  }

  /** The rows by element id, their values by column. */
  public Map<String, Map<String, String>> rows() {
    return rows;
  }

  /** The position it belongs to; null before a bootstrap is complete. */
  public @Nullable SourcePosition position() {
    return position;
  }

  /** Takes an event. */
  public void apply(SourceEvent event) {
    if (event instanceof SourceEvent.Transaction transaction) {
      advance(transaction.position(), 1);
      Told told = applyAll(transaction.changes());
      if (labels.contains(OracleTables.LEDGER)) {
        requireWhole(transaction, told);
      }
    } else if (event instanceof SourceEvent.Progress progress) {
      advance(progress.position(), 0);
    } else if (event instanceof SourceEvent.BootstrapStarted) {
      rows.clear();
      position = null;
    } else if (event instanceof SourceEvent.BootstrapBatch batch) {
      if (position != null) {
        throw new AssertionError("elements came after the end of the bootstrap");
      }
      applyAll(batch.changes());
    } else if (event instanceof SourceEvent.BootstrapCompleted completed) {
      complete(completed);
    } else if (!(event instanceof SourceEvent.BootstrapProgress)) {
      throw new AssertionError("unexpected: " + event);
    }
  }

  private void complete(SourceEvent.BootstrapCompleted completed) {
    if (position != null || completed.count() != rows.size()) {
      throw new AssertionError(
          "a bootstrap of %d elements ended with %d rows, and before it was %s"
              .formatted(completed.count(), rows.size(), position));
    }
    position = completed.position();
  }

  /**
   * @param least 1 when the position must lie behind the one before, 0 when it may be the same
   */
  private void advance(SourcePosition next, int least) {
    SourcePosition before = position;
    if (before == null || next.compareTo(before) < least) {
      throw new AssertionError("%s came after %s".formatted(next, before));
    }
    position = next;
  }

  /** Gives what the last one tells of those before it. */
  private Told applyAll(Iterable<? extends SourceChange> changes) {
    long count = 0;
    String told = "nothing";
    for (SourceChange change : changes) {
      apply(change);
      told =
          change instanceof SourceChange.Insert insert
              ? print(insert.element()).getOrDefault("changes", "nothing")
              : "nothing";
      count++;
    }
    return new Told(count - 1, told);
  }

  private record Told(long changesBefore, String told) {}

  /** The last change is a row of the ledger that says how many changes there were before. */
  private static void requireWhole(SourceEvent.Transaction transaction, Told told) {
    if (!told.told().equals(OracleTables.print(Long.toString(told.changesBefore())))) {
      throw new AssertionError(
          "%s has %d changes before its last one, which tells of %s"
              .formatted(transaction, told.changesBefore(), told.told()));
    }
  }

  private void apply(SourceChange change) {
    if (change instanceof SourceChange.Insert insert) {
      insert(insert);
    } else if (change instanceof SourceChange.Update update) {
      String id = update.element().metadata().reference().elementId();
      rows.put(id, merged(existing(rows.get(id), "updated", id), update.element()));
    } else if (change instanceof SourceChange.Delete delete) {
      deletedId = delete.metadata().reference().elementId();
      deletedRow = existing(rows.remove(deletedId), "deleted", deletedId);
    } else {
      throw new AssertionError("unexpected: " + change);
    }
  }

  private Map<String, String> existing(@Nullable Map<String, String> row, String what, String id) {
    if (row == null) {
      throw new AssertionError("%s was %s at %s, and is not there".formatted(id, what, position));
    }
    return row;
  }

  /** An element that has moved keeps what is not sent. */
  private void insert(SourceChange.Insert insert) {
    String id = insert.element().metadata().reference().elementId();
    ElementReference movedFrom = insert.movedFrom();
    if (movedFrom != null && !movedFrom.elementId().equals(deletedId)) {
      throw new AssertionError(
          "%s moved from %s, after %s was deleted".formatted(id, movedFrom, deletedId));
    }
    Map<String, String> before = movedFrom == null ? Map.of() : deletedRow;
    if (rows.put(id, merged(before, insert.element())) != null) {
      throw new AssertionError("%s was inserted at %s, and is there".formatted(id, position));
    }
  }

  private static Map<String, String> merged(Map<String, String> row, Element element) {
    Map<String, String> merged = new HashMap<>(row);
    merged.putAll(print(element));
    return merged;
  }

  private static Map<String, String> print(Element element) {
    Map<String, String> printed = new HashMap<>();
    element.properties().forEach((name, value) -> printed.put(name, print(value)));
    return printed;
  }

  private static String print(ElementValue value) {
    if (value instanceof ElementValue.Integer integer) {
      return OracleTables.print(Long.toString(integer.value()));
    } else if (value instanceof ElementValue.Text text) {
      return OracleTables.print(text.value());
    } else if (value instanceof ElementValue.Decimal decimal) {
      return OracleTables.print(decimal.value().toPlainString());
    } else if (value instanceof ElementValue.Bool bool) {
      return OracleTables.print(bool.value() ? "t" : "f");
    } else if (value instanceof ElementValue.Json json) {
      return OracleTables.print(json.text());
    } else if (value instanceof ElementValue.Null) {
      return OracleTables.print(null);
    }
    throw new AssertionError("no column has such a value: " + value);
  }
}
