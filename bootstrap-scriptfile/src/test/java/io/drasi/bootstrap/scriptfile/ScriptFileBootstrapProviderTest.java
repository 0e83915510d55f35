package io.drasi.bootstrap.scriptfile;

import static io.drasi.bootstrap.scriptfile.ScriptFiles.HEADER;
import static io.drasi.bootstrap.scriptfile.ScriptFiles.elements;
import static io.drasi.bootstrap.scriptfile.ScriptFiles.everything;
import static io.drasi.bootstrap.scriptfile.ScriptFiles.ids;
import static io.drasi.bootstrap.scriptfile.ScriptFiles.node;
import static io.drasi.bootstrap.scriptfile.ScriptFiles.provider;
import static io.drasi.bootstrap.scriptfile.ScriptFiles.relation;
import static io.drasi.bootstrap.scriptfile.ScriptFiles.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.drasi.api.change.Element;
import io.drasi.api.change.ElementMetadata;
import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementReference;
import io.drasi.api.change.ElementValue;
import io.drasi.api.change.SourceChange;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptFileBootstrapProviderTest {
  private static final String FINISH = "{\"kind\":\"Finish\",\"description\":\"done\"}";
  private static final Instant START = Instant.parse("2024-02-29T12:00:00Z");

  @TempDir Path folder;
  private ScriptFiles files;

  @BeforeEach
  void useFolder() {
    files = new ScriptFiles(folder);
  }

  @Test
  void replaysNodesAndRelations() throws Exception {
    Path file =
        files.write(
            "a.jsonl",
            "{\"start_time\":\"2024-02-29T12:00:00Z\",\"description\":\"d\",\"kind\":\"Header\"}",
            "{\"id\":\"u1\",\"labels\":[\"User\",\"Admin\"],\"properties\":{\"name\":\"Anne\"},\"kind\":\"Node\"}",
            "{\"kind\":\"Relation\",\"id\":\"r1\",\"labels\":[\"KNOWS\"],\"start_id\":\"u1\",\"start_label\":\"User\","
                + "\"end_id\":\"u2\",\"end_label\":null,\"properties\":{\"since\":2020}}");

    assertThat(elements(everything(), file))
        .containsExactly(
            new Element.Node(
                metadata("u1", "User", "Admin"),
                ElementPropertyMap.copyOf(Map.of("name", new ElementValue.Text("Anne")))),
            new Element.Relation(
                metadata("r1", "KNOWS"),
                new ElementReference("source", "u1"),
                new ElementReference("source", "u2"),
                ElementPropertyMap.copyOf(Map.of("since", new ElementValue.Integer(2020)))));
  }

  @Test
  void replaysTheExampleOfTheDocument() throws Exception {
    String document = Files.readString(Path.of("../docs/operations.md"));
    int begin = document.indexOf("{\"kind\":\"Header\"");
    String example = document.substring(begin, document.indexOf("```", begin));

    assertThat(ScriptFiles.ids(everything(), files.write("example.jsonl", example)))
        .containsExactly("users:1", "users:2", "knows:1");
  }

  @Test
  void keepsEveryValueExactlyAndInOrder() throws Exception {
    Path file =
        files.write(
            "a.jsonl",
            HEADER,
            """
            {"kind":"Node","id":"n","labels":[],"properties":{"text":"\\u00fc\\ud83d\\ude00\\n",\
            "most":9223372036854775807,"more":9223372036854775808,"least":-9223372036854775808,\
            "digits":0.1000000000000000055511151231257827,"scale":1.00,"exponent":1E+400,\
            "yes":true,"no":false,"null":null,"list":[1,[],{"a":null}],"object":{"z":1.5,"a":"x"},\
            "kind":"a property"}}""");

    Element node = elements(everything(), file).get(0);

    assertThat(node.properties().entrySet())
        .containsExactly(
            entry("text", new ElementValue.Text("ü\uD83D\uDE00\n")),
            entry("most", new ElementValue.Integer(Long.MAX_VALUE)),
            entry("more", decimal("9223372036854775808")),
            entry("least", new ElementValue.Integer(Long.MIN_VALUE)),
            entry("digits", decimal("0.1000000000000000055511151231257827")),
            entry("scale", decimal("1.00")),
            entry("exponent", decimal("1E+400")),
            entry("yes", ElementValue.Bool.TRUE),
            entry("no", ElementValue.Bool.FALSE),
            entry("null", ElementValue.Null.NULL),
            entry(
                "list",
                new ElementValue.List(
                    List.of(
                        new ElementValue.Integer(1),
                        new ElementValue.List(List.of()),
                        new ElementValue.Object(
                            ElementPropertyMap.copyOf(Map.of("a", ElementValue.Null.NULL)))))),
            entry(
                "object",
                new ElementValue.Object(
                    ElementPropertyMap.copyOf(
                        Map.of("a", new ElementValue.Text("x"), "z", decimal("1.5"))))),
            entry("kind", new ElementValue.Text("a property")));
  }

  @ParameterizedTest
  @CsvSource({
    "2024-02-29T12:00:00Z,                2024-02-29T12:00:00Z",
    "2024-02-29t12:00:00z,                2024-02-29T12:00:00Z",
    "2024-02-29T12:00:00+00:00,           2024-02-29T12:00:00Z",
    "2024-02-29T12:00:00-00:00,           2024-02-29T12:00:00Z",
    "2024-02-29T12:00:00.5-01:30,         2024-02-29T13:30:00.500Z",
    "2024-02-29T12:00:00.123456789Z,      2024-02-29T12:00:00.123456789Z",
    "0001-01-01T00:00:00Z,                0001-01-01T00:00:00Z",
  })
  void takesTheHeadersTimeForAllElements(String startTime, Instant expected) throws Exception {
    Path a = files.write("a.jsonl", HEADER.replace("2024-02-29T12:00:00Z", startTime), node("a"));
    Path b = files.write("b.jsonl", node("b"));

    assertThat(elements(everything(), a, b))
        .extracting(element -> element.metadata().effectiveFrom())
        .containsExactly(expected, expected);
  }

  @Test
  void readsTheFilesInTheirOrder() throws Exception {
    Path b = files.write("b.jsonl", HEADER, node("1"), relation("2"));
    Path a = files.write("a.jsonl", node("3"));
    Path c = files.write("c.jsonl", relation("4"), node("5"));

    assertThat(ids(everything(), b, a, c)).containsExactly("1", "2", "3", "4", "5");
  }

  @Test
  void skipsCommentsLabelsAndBlankLines() throws Exception {
    Path file =
        files.write(
            "a.jsonl",
            "",
            "{\"kind\":\"Comment\",\"comment\":\"before the header\"}",
            HEADER,
            " \t",
            "{\"kind\":\"Label\",\"offset_ns\":5,\"label\":\"l\",\"description\":\"d\"}",
            node("1"),
            "{\"comment\":\"\",\"kind\":\"Comment\"}",
            node("2"));

    assertThat(ids(everything(), file)).containsExactly("1", "2");
  }

  @Test
  void takesBothKindsOfLineEndsAndAnUnendedLastLine() throws Exception {
    Path file = folder.resolve("a.jsonl");
    Files.writeString(file, HEADER + "\r\n" + node("1") + "\n" + node("2") + "\r\n" + node("3"));

    assertThat(ids(everything(), file)).containsExactly("1", "2", "3");
  }

  @Test
  void takesLinesUpToTheLimit() throws Exception {
    int most = ScriptFileBootstrapProvider.MAX_LINE_BYTES;
    String padded = node("1") + " ".repeat(most - node("1").length());
    Path file = files.write("a.jsonl", HEADER, padded, node("2"));

    assertThat(ids(everything(), file)).containsExactly("1", "2");
  }

  @Test
  void readsNothingAfterFinish() throws Exception {
    Path a = files.write("a.jsonl", HEADER, node("1"));
    Path b = files.write("b.jsonl", node("2"), FINISH, node("3"), "nonsense");
    Path c = files.write("c.jsonl", "nonsense");

    assertThat(ids(everything(), a, b, c)).containsExactly("1", "2");
  }

  @Test
  void handsOverNoBatchWhereThereIsNothing() throws Exception {
    Path file = files.write("a.jsonl", HEADER, FINISH);

    var result =
        provider(file)
            .bootstrap(
                everything(),
                batch -> {
                  throw new AssertionError("delivered " + batch);
                });

    assertThat(result.count()).isZero();
    assertThat(result.position()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'',    '',     n0 nA nAB nB r0 rK",
    "A,     '',     nA nAB",
    "'',    K,      rK",
    "B,     K,      nAB nB rK",
    "A B,   K L,    nA nAB nB rK",
    "K,     A,      ''",
    "a,     k,      ''",
  })
  void loadsWhatTheLabelsName(String nodeLabels, String relationLabels, String expected)
      throws Exception {
    Path file =
        files.write(
            "a.jsonl",
            HEADER,
            node("n0"),
            node("nA", "A"),
            node("nAB", "A", "B"),
            node("nB", "B"),
            relation("r0"),
            relation("rK", "K"));

    assertThat(String.join(" ", ids(request(set(nodeLabels), set(relationLabels)), file)))
        .isEqualTo(expected);
  }

  @Test
  void handsOverBatchesOfAThousandUnlessTold() throws Exception {
    Path file = files.write("a.jsonl", lines(2500));
    var small = ScriptFileBootstrapProvider.builder().addFilePath(file).withBatchSize(1250).build();

    assertThat(batchSizes(provider(file))).containsExactly(1000, 1000, 500);
    assertThat(batchSizes(small)).containsExactly(1250, 1250);
  }

  @Test
  void keepsNothingOfWhatWasHandedOver() throws Exception {
    Path file = files.write("a.jsonl", lines(20_000));
    List<WeakReference<List<SourceChange.Insert>>> batches = new ArrayList<>();

    provider(file)
        .bootstrap(
            everything(),
            batch -> {
              batches.add(new WeakReference<>(batch));
              if (batches.size() == 20) {
                System.gc();
              }
            });

    assertThat(batches.subList(0, 19)).allMatch(batch -> batch.refersTo(null));
  }

  @Test
  void endsAtAnInterruptBeforeItReadsOn() throws Exception {
    Path file = files.write("a.jsonl", lines(10));
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> ids(everything(), file)).isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void endsAtAnInterruptBetweenBatches() throws Exception {
    Path file = files.write("a.jsonl", lines(3000));
    List<Integer> sizes = new ArrayList<>();

    assertThatThrownBy(
            () ->
                provider(file)
                    .bootstrap(
                        everything(),
                        batch -> {
                          sizes.add(batch.size());
                          Thread.currentThread().interrupt();
                        }))
        .isInstanceOf(InterruptedException.class);

    assertThat(Thread.interrupted()).isFalse();
    assertThat(sizes).containsExactly(1000);
  }

  @Test
  void leavesTheErrorsOfTheSinkAlone() throws Exception {
    Path file = files.write("a.jsonl", HEADER, node("1"));
    var refused = new IllegalStateException("closed");

    assertThatThrownBy(
            () ->
                provider(file)
                    .bootstrap(
                        everything(),
                        batch -> {
                          throw refused;
                        }))
        .isSameAs(refused);
  }

  private static List<Integer> batchSizes(ScriptFileBootstrapProvider provider)
      throws InterruptedException {
    List<Integer> sizes = new ArrayList<>();
    provider.bootstrap(everything(), batch -> sizes.add(batch.size()));
    return sizes;
  }

  static String[] lines(int nodes) throws IOException {
    List<String> lines = new ArrayList<>(List.of(HEADER));
    IntStream.range(0, nodes).mapToObj(i -> node("n" + i)).forEach(lines::add);
    return lines.toArray(String[]::new);
  }

  private static ElementMetadata metadata(String id, String... labels) {
    return ElementMetadata.of(new ElementReference("source", id), List.of(labels), START);
  }

  private static ElementValue decimal(String number) {
    return new ElementValue.Decimal(new BigDecimal(number));
  }

  private static Set<String> set(String labels) {
    return labels.isEmpty() ? Set.of() : Set.of(labels.split(" "));
  }
}
