package io.drasi.sink.jsonl;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.drasi.api.change.Element;
import io.drasi.api.change.ElementMetadata;
import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementReference;
import io.drasi.api.change.ElementValue;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourcePosition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Events to be written, and what becomes of them. */
public final class Events {
  static final String METADATA =
      """
      {"element_id":"users:1","source_id":"pg-source","labels":["users"],\
      "effective_from":1699900000000000}""";

  private static final Instant COMMITTED_AT = Instant.parse("2023-11-13T18:26:40Z");

  private Events() {}

  /** A position that is its print. */
  public record Position(String printed) implements SourcePosition {
    @Override
    public byte[] toBytes() {
      return printed.getBytes(UTF_8);
    }

    @Override
    public int compareTo(SourcePosition other) {
      return printed.compareTo(other.toString());
    }

    @Override
    public String toString() {
      return printed;
    }
  }

  /** A transaction. */
  public record Committed(
      SourcePosition position, long xid, Instant commitTime, List<SourceChange> changes)
      implements SourceEvent.Transaction {}

  record Missed(long missedTransactions, long missedChanges, SourcePosition position)
      implements SourceEvent.Lagged {}

  record Batch(List<SourceChange.Insert> changes) implements SourceEvent.BootstrapBatch {}

  /** The end of a bootstrap. */
  public record Completed(long count, SourcePosition position)
      implements SourceEvent.BootstrapCompleted {}

  /** Progress. */
  public record Nothing(SourcePosition position) implements SourceEvent.Progress {}

  static SourceEvent transaction(SourceChange... changes) {
    return new Committed(new Position("0/15"), 123, COMMITTED_AT, List.of(changes));
  }

  static ElementMetadata metadata(String elementId) {
    return ElementMetadata.of(
        new ElementReference("pg-source", elementId), List.of("users"), COMMITTED_AT);
  }

  static Element node(Map<String, ElementValue> properties) {
    return new Element.Node(metadata("users:1"), ElementPropertyMap.copyOf(properties));
  }

  static Element node(String property, ElementValue value) {
    return node(Map.of(property, value));
  }

  /** What is written for the events, byte for byte. */
  static byte[] written(SourceEvent... events) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var writer = new JsonLinesWriter(out)) {
      for (SourceEvent event : events) {
        writer.write(event);
      }
    }
    return out.toByteArray();
  }

  /** The line written for a value, cut down to the value. */
  static String writtenValue(ElementValue value) throws IOException {
    String line =
        new String(written(transaction(new SourceChange.Insert(node("v", value)))), UTF_8);
    String start =
        "{\"type\":\"Insert\",\"element\":{\"metadata\":" + METADATA + ",\"properties\":{\"v\":";
    String end = "}},\"position\":\"0/15\",\"xid\":123}\n";
    if (!line.startsWith(start) || !line.endsWith(end)) {
      throw new AssertionError("not the line of an insert: " + line);
    }
    return line.substring(start.length(), line.length() - end.length());
  }
}
