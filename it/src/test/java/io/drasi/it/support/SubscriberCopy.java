package io.drasi.it.support;

import io.drasi.api.change.Element;
import io.drasi.api.change.ElementValue;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SourceEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber's own copy of the tables, kept from the events alone, and strict: an insert of what
 * is there, an update or a delete of what is not, is an error.
 */
public final class SubscriberCopy {
  private final Map<String, Map<String, ElementValue>> elements = new TreeMap<>();
  private final List<String> mistakes = new ArrayList<>();
  private @Nullable Map<String, ElementValue> deleted;
  private long transactions;
  private int bootstraps;

  /** Takes an event. */
  public void apply(SourceEvent event) {
    if (event instanceof SourceEvent.Transaction transaction) {
      transactions++;
      transaction.changes().forEach(this::apply);
    } else if (event instanceof SourceEvent.BootstrapStarted) {
      elements.clear();
      bootstraps++;
    } else if (event instanceof SourceEvent.BootstrapBatch batch) {
      batch.changes().forEach(this::apply);
    }
  }

  /** Takes a change. */
  public void apply(SourceChange change) {
    if (change instanceof SourceChange.Insert insert) {
      insert(insert.element(), insert.movedFrom() != null);
    } else if (change instanceof SourceChange.Update update) {
      update(update.element());
    } else if (change instanceof SourceChange.Delete delete) {
      String id = delete.metadata().reference().elementId();
      deleted = elements.remove(id);
      if (deleted == null) {
        mistakes.add("deleted what is not there: " + id);
      }
    } else if (change instanceof SourceChange.Truncate truncate) {
      for (String label : truncate.labels()) {
        elements.keySet().removeIf(id -> id.startsWith(label + ":"));
      }
    }
  }

  /** An element that has moved keeps what is not sent. */
  private void insert(Element element, boolean moved) {
    String id = element.metadata().reference().elementId();
    Map<String, ElementValue> values =
        new LinkedHashMap<>(moved && deleted != null ? deleted : Map.of());
    values.putAll(element.properties());
    if (elements.put(id, values) != null) {
      mistakes.add("inserted what is there: " + id);
    }
  }

  private void update(Element element) {
    String id = element.metadata().reference().elementId();
    Map<String, ElementValue> values = elements.get(id);
    if (values == null) {
      mistakes.add("updated what is not there: " + id);
    } else {
      values.putAll(element.properties());
    }
  }

  /** The elements by id. */
  public Map<String, Map<String, ElementValue>> elements() {
    return elements;
  }

  /** What did not fit. */
  public List<String> mistakes() {
    return mistakes;
  }

  /** How many bootstraps began. */
  public int bootstraps() {
    return bootstraps;
  }

  /** How many transactions came. */
  public long transactions() {
    return transactions;
  }
}
