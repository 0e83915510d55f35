package io.drasi.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drasi.api.change.Element;
import io.drasi.api.change.ElementMetadata;
import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementReference;
import io.drasi.api.change.ElementValue;
import io.drasi.api.change.SourceChange;
import io.drasi.postgres.decoder.position.PostgresPosition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What runs of the command, one after the other, have printed of a {@link ShopWriter}'s work; and
 * strict. A run prints transactions in order, without a gap, and whole: only its last one may be
 * cut short, when it was killed. The first ones may have been printed by runs before it, in the
 * same words.
 */
public final class PrintedTransactions {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final NavigableMap<PostgresPosition, List<String>> printed = new TreeMap<>();

  /** Adds the lines that a run has printed. */
  public void add(List<String> lines) throws JsonProcessingException {
    NavigableMap<PostgresPosition, List<String>> run = transactions(lines);
    if (run.isEmpty()) {
      return;
    }
    if (!printed.isEmpty()) {
      assertThat(run.headMap(printed.lastKey()).keySet())
          .as("what comes again has come before")
          .isSubsetOf(printed.keySet());
    }
    assertWhole(run.headMap(run.lastKey()));
    run.forEach((position, transaction) -> printed.merge(position, transaction, this::longer));
    assertThat(printed.subMap(run.firstKey(), true, run.lastKey(), true).keySet())
        .as("from its first transaction on a run leaves none out")
        .isEqualTo(run.keySet());
  }

  private static NavigableMap<PostgresPosition, List<String>> transactions(List<String> lines)
      throws JsonProcessingException {
    NavigableMap<PostgresPosition, List<String>> run = new TreeMap<>();
    for (String line : lines) {
      var position = PostgresPosition.parse(JSON.readTree(line).path("position").asText());
      if (!run.isEmpty()) {
        assertThat(position).as("transactions come in order").isGreaterThanOrEqualTo(run.lastKey());
      }
      run.computeIfAbsent(position, first -> new ArrayList<>()).add(line);
    }
    return run;
  }

  private List<String> longer(List<String> before, List<String> again) {
    int common = Math.min(before.size(), again.size());
    assertThat(again.subList(0, common)).isEqualTo(before.subList(0, common));
    return before.size() == common ? again : before;
  }

  private static void assertWhole(Map<PostgresPosition, List<String>> transactions)
      throws JsonProcessingException {
    for (List<String> lines : transactions.values()) {
      JsonNode last = JSON.readTree(lines.get(lines.size() - 1));
      assertThat(last.at("/element/properties/changes").asInt(-1))
          .as("changes before the last line, of %s", lines)
          .isEqualTo(lines.size() - 1);
    }
  }

  /** A subscriber's copy, kept from all there is, which has to be whole by now. */
  public SubscriberCopy copy() throws JsonProcessingException {
    assertWhole(printed);
    var copy = new SubscriberCopy();
    for (List<String> lines : printed.values()) {
      for (String line : lines) {
        copy.apply(change(JSON.readTree(line)));
      }
    }
    return copy;
  }

  private static SourceChange change(JsonNode line) {
    String type = line.path("type").asText();
    return switch (type) {
      case "Insert" -> new SourceChange.Insert(element(line));
      case "Update" -> new SourceChange.Update(element(line), null);
      case "Delete" -> new SourceChange.Delete(metadata(line.path("metadata")), null);
      default -> throw new IllegalArgumentException("the writer does no " + type);
    };
  }

  private static Element element(JsonNode line) {
    Map<String, ElementValue> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> property : line.at("/element/properties").properties()) {
      JsonNode value = property.getValue();
      values.put(
          property.getKey(),
          value.isNumber()
              ? new ElementValue.Integer(value.longValue())
              : new ElementValue.Text(value.textValue()));
    }
    return new Element.Node(
        metadata(line.at("/element/metadata")), ElementPropertyMap.copyOf(values));
  }

  private static ElementMetadata metadata(JsonNode metadata) {
    return ElementMetadata.of(
        new ElementReference(
            metadata.path("source_id").asText(), metadata.path("element_id").asText()),
        List.of(metadata.path("labels").path(0).asText()),
        Instant.EPOCH);
  }
}
