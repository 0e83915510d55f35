package io.drasi.it;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drasi.api.change.ElementValue;
import io.drasi.it.support.HostProcess;
import io.drasi.it.support.Servers;
import io.drasi.it.support.ShopWriter;
import io.drasi.it.support.Tables;
import io.drasi.it.support.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A process that is killed in mid-stream and started again has lost nothing. */
class KilledProcessIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int KILLS = 4;

  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("io.drasi.it.support.Servers#versions")
  void losesNothing(String version) throws Exception {
    try (var database = TestDatabase.create(Servers.shared(version))) {
      ShopWriter.createSchema(database);
      Path configuration = HostProcess.configuration(folder, database, TestDatabase.PASSWORD, "");
      // Each line is a change; a transaction that is printed again, printed whole, replaces what
      // was printed of it before the kill.
      Map<String, List<JsonNode>> transactions = new LinkedHashMap<>();
      createSlot(configuration);
      try (var writer = ShopWriter.start(database, 2)) {
        for (int kill = 0; kill < KILLS; kill++) {
          try (var run = HostProcess.start(folder, "run", configuration.toString())) {
            eventually("changes; " + run.errors(), LONG, () -> run.lines().size() > 300);
            run.kill();
            gather(run.lines(), transactions);
          }
        }
        assertThat(writer.committed()).isPositive();
      }
      Map<String, Map<String, ElementValue>> expected = Tables.items(database);
      try (var run = HostProcess.start(folder, "run", configuration.toString())) {
        eventually(
            "the copy equals the table",
            LONG,
            () -> {
              Map<String, List<JsonNode>> all = new LinkedHashMap<>(transactions);
              gather(run.lines(), all);
              return replay(all).equals(expected);
            });
      }
    }
  }

  /** The table is empty when the slot comes into being: the stream has everything. */
  private void createSlot(Path configuration) throws Exception {
    try (var run = HostProcess.start(folder, "run", configuration.toString())) {
      eventually("running; " + run.errors(), LONG, () -> run.errors().contains("running"));
      run.kill();
    }
  }

  private static void gather(List<String> lines, Map<String, List<JsonNode>> transactions)
      throws Exception {
    Map<String, List<JsonNode>> printed = new LinkedHashMap<>();
    for (String line : lines) {
      JsonNode change = JSON.readTree(line);
      printed
          .computeIfAbsent(change.path("position").asText(), position -> new ArrayList<>())
          .add(change);
    }
    transactions.putAll(printed);
  }

  private static Map<String, Map<String, ElementValue>> replay(
      Map<String, List<JsonNode>> transactions) {
    Map<String, Map<String, ElementValue>> elements = new TreeMap<>();
    transactions.values().stream()
        .flatMap(List::stream)
        .forEach(
            change -> {
              if (change.path("type").asText().equals("Delete")) {
                elements.remove(change.at("/metadata/element_id").asText());
              } else {
                elements.put(
                    change.at("/element/metadata/element_id").asText(),
                    values(change.at("/element/properties")));
              }
            });
    return elements;
  }

  private static Map<String, ElementValue> values(JsonNode properties) {
    Map<String, ElementValue> values = new LinkedHashMap<>();
    values.put("id", new ElementValue.Integer(properties.path("id").asLong()));
    values.put("name", new ElementValue.Text(properties.path("name").asText()));
    values.put("amount", new ElementValue.Integer(properties.path("amount").asLong()));
    return values;
  }
}
