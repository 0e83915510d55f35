package io.drasi.bootstrap.scriptfile;

import static io.drasi.bootstrap.scriptfile.ScriptFiles.HEADER;
import static io.drasi.bootstrap.scriptfile.ScriptFiles.everything;
import static io.drasi.bootstrap.scriptfile.ScriptFiles.node;
import static io.drasi.bootstrap.scriptfile.ScriptFiles.provider;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.bootstrap.BootstrapSink;
import io.drasi.api.change.Element;
import io.drasi.api.change.ElementMetadata;
import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementReference;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourcePosition;
import io.drasi.sink.jsonl.JsonLinesWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MalformedScriptTest {
  private static final BootstrapSink NOTHING =
      batch -> {
        throw new AssertionError("delivered " + batch);
      };

  @TempDir Path folder;
  private ScriptFiles files;

  @BeforeEach
  void useFolder() {
    files = new ScriptFiles(folder);
  }

  @ParameterizedTest
  @MethodSource({"notJson", "notARecord"})
  void namesFileLineAndReasonBeforeAnythingIsDelivered(String line, String reason)
      throws IOException {
    Path good = files.write("good.jsonl", HEADER, node("a"));
    Path bad = files.write("bad.jsonl", node("b"), "", line, node("c"));

    assertFails(bad + ", line 3: " + reason, good, bad);
  }

  static Stream<Arguments> notJson() {
    return Stream.of(
        arguments("nonsense", "is not JSON at column 9"),
        arguments("{\"kind\":\"Node\"", "is not JSON at column 15"),
        arguments("{\"kind\":'Node'}", "is not JSON at column 9"),
        arguments("{\"kind\":\"Node\",}", "is not JSON at column 16"),
        arguments("{\"a\":[1,2}", "is not JSON at column 10"),
        arguments("{\"a\":[1,", "is not JSON at column 9"),
        arguments("{\"a\":NaN}", "is not JSON at column 9"),
        arguments("{\"a\":01}", "is not JSON at column 7"),
        arguments("{\"a\":\"\t\"}", "is not JSON at column 7"),
        arguments("// comment", "is not JSON at column 1"),
        arguments("[]", "is not a JSON object"),
        arguments("\"Node\"", "is not a JSON object"),
        arguments("null", "is not a JSON object"),
        arguments("{} {}", "goes on after its JSON object"),
        arguments("{},", "goes on after its JSON object"),
        arguments("{}x", "goes on after its JSON object"),
        arguments("{\"a\":1,\"a\":1}", "has the key \"a\" twice in an object"),
        arguments("{\"a\":{\"c\":1,\"c\":null}}", "has the key \"c\" twice in an object"),
        arguments("\uFEFF{}", "begins with a byte order mark; save the file without it"),
        arguments(
            "{\"a\":1e99999999999}", "has a number whose exponent is out of range at column 6"),
        arguments(
            "{\"a\":" + "9".repeat(150_001) + "}",
            "has more than 1000 levels of nesting, or a number of more than 150000 characters"),
        arguments(
            "{\"a\":" + "[".repeat(1000) + "]".repeat(1000) + "}",
            "has more than 1000 levels of nesting, or a number of more than 150000 characters"));
  }

  static Stream<Arguments> notARecord() {
    return Stream.of(
        arguments("{}", "field \"kind\" is missing"),
        arguments("{\"kind\":5}", "field \"kind\" is not a text"),
        arguments("{\"kind\":null}", "field \"kind\" is not a text"),
        arguments(
            "{\"kind\":\"node\"}",
            "\"node\" is not a kind; kinds are Header, Node, Relation, Comment, Label, Finish"),
        arguments(
            "{\"kind\":\"" + "x".repeat(41) + "\"}",
            "\""
                + "x".repeat(40)
                + "…\" is not a kind; kinds are Header, Node, Relation, Comment, Label, Finish"),
        arguments(HEADER, "a Header may come only once, first in the first file"),
        arguments(record("Header", ""), "field \"start_time\" is missing"),
        arguments(record("Header", "\"start_time\":0"), "field \"start_time\" is not a text"),
        arguments(record("Node", "\"labels\":[]"), "field \"id\" is missing"),
        arguments(record("Node", "\"id\":1,\"labels\":[]"), "field \"id\" is not a text"),
        arguments(record("Node", "\"id\":null,\"labels\":[]"), "field \"id\" is not a text"),
        arguments(record("Node", "\"id\":\"\",\"labels\":[]"), "field \"id\" is empty"),
        arguments(record("Node", "\"id\":\"a\""), "field \"labels\" is missing"),
        arguments(
            record("Node", "\"id\":\"a\",\"labels\":\"A\""),
            "field \"labels\" is not a list of texts"),
        arguments(
            record("Node", "\"id\":\"a\",\"labels\":[\"A\",1]"),
            "field \"labels\" is not a list of texts"),
        arguments(
            record("Node", "\"id\":\"a\",\"labels\":[],\"properties\":[]"),
            "field \"properties\" is not an object"),
        arguments(
            record("Node", "\"id\":\"a\",\"labels\":[],\"start_id\":\"b\""),
            "a Node has no field \"start_id\""),
        arguments(
            record("Relation", "\"id\":\"r\",\"labels\":[],\"end_id\":\"b\""),
            "field \"start_id\" is missing"),
        arguments(
            record("Relation", "\"id\":\"r\",\"labels\":[],\"start_id\":\"a\""),
            "field \"end_id\" is missing"),
        arguments(
            record("Relation", "\"id\":\"r\",\"labels\":[],\"start_id\":\"a\",\"end_id\":\"\""),
            "field \"end_id\" is empty"),
        arguments(
            record(
                "Relation",
                "\"id\":\"r\",\"labels\":[],\"start_id\":\"a\",\"end_id\":\"b\",\"start_label\":1"),
            "field \"start_label\" is not a text"),
        arguments(
            record(
                "Relation",
                "\"id\":\"r\",\"labels\":[],\"start_id\":\"a\",\"end_id\":\"b\",\"end_label\":1"),
            "field \"end_label\" is not a text"),
        arguments(record("Comment", ""), "field \"comment\" is missing"),
        arguments(record("Label", "\"offset_ns\":1"), "field \"label\" is missing"),
        arguments(
            record("Label", "\"label\":\"l\",\"offset_ns\":-1"),
            "field \"offset_ns\" is not a whole number of at least 0"),
        arguments(
            record("Label", "\"label\":\"l\",\"offset_ns\":1.5"),
            "field \"offset_ns\" is not a whole number of at least 0"),
        arguments(record("Finish", "\"description\":1"), "field \"description\" is not a text"),
        arguments(record("Finish", "\"at\":\"end\""), "a Finish has no field \"at\""));
  }

  @ParameterizedTest
  @MethodSource("notATime")
  void wantsATimeOfRfc3339(String startTime) throws IOException {
    Path file = files.write("a.jsonl", record("Header", "\"start_time\":\"" + startTime + '"'));

    assertFails(
        file
            + ", line 1: field \"start_time\" is not a time of RFC 3339, such as 2024-02-29T12:00:00Z",
        file);
  }

  static Stream<String> notATime() {
    return Stream.of(
        "",
        "now",
        "2024-02-29",
        "2024-02-29T12:00Z",
        "2024-02-29T12:00:00",
        "2024-02-29 12:00:00Z",
        "2024-02-29T12:00:00.Z",
        "2024-02-29T12:00:00+1",
        "2024-02-29T12:00:00+0100",
        "2023-02-29T12:00:00Z",
        "2024-02-29T24:00:00Z",
        "12024-02-29T12:00:00Z",
        "2024-02-29T12:00:00Z ");
  }

  @Test
  void wantsAHeaderFirst() throws IOException {
    String label = record("Label", "\"label\":\"start\"");
    Path noHeader = files.write("node.jsonl", "", node("a"));
    Path label1st = files.write("label.jsonl", label, HEADER);
    Path finish1st = files.write("finish.jsonl", record("Finish", ""));
    Path comments = files.write("comments.jsonl", record("Comment", "\"comment\":\"c\""), "");
    Path empty = Files.createFile(folder.resolve("empty.jsonl"));
    Path good = files.write("good.jsonl", HEADER);

    assertFails(noHeader + ", line 2: the first record must be a Header", noHeader);
    assertFails(label1st + ", line 1: the first record must be a Header", label1st);
    assertFails(finish1st + ", line 1: the first record must be a Header", finish1st);
    assertFails(comments + ", line 2: the first file ends here, without a Header", comments, good);
    assertFails(empty + ", line 1: the first file ends here, without a Header", empty, good);
  }

  @Test
  void wantsUtf8() throws IOException {
    Path latin = folder.resolve("latin.jsonl");
    Files.write(latin, (HEADER + "\n" + node("Grüße")).getBytes(ISO_8859_1));

    assertFails(latin + ", line 2: is not UTF-8", latin);
  }

  @Test
  void refusesALineThatIsTooLong() throws IOException {
    int most = ScriptFileBootstrapProvider.MAX_LINE_BYTES;
    Path file =
        files.write("long.jsonl", HEADER, node("a") + " ".repeat(most + 1 - node("a").length()));

    assertFails(file + ", line 2: is longer than 16777216 bytes", file);
  }

  @Test
  void namesAFileThatIsNotThereEvenWhereNothingOfItWouldBeRead() throws IOException {
    Path good = files.write("good.jsonl", HEADER, node("a"), record("Finish", ""));
    Path missing = folder.resolve("missing.jsonl");

    assertFails(missing + ": there is no such file", good, missing);
    assertFails(folder + ": is not a regular file", good, folder);
  }

  @Test
  void doesNotTakeTheLinesOfTheSinkForAScript() throws IOException {
    var out = new ByteArrayOutputStream();
    try (var writer = new JsonLinesWriter(out)) {
      writer.write(new Committed());
    }
    Path file = Files.write(folder.resolve("changes.jsonl"), out.toByteArray());
    Path headed = folder.resolve("headed.jsonl");
    Files.writeString(headed, HEADER + "\n" + out);

    assertFails(file + ", line 1: field \"kind\" is missing", file);
    assertFails(headed + ", line 2: field \"kind\" is missing", headed);
  }

  private void assertFails(String message, Path... scripts) {
    assertThatThrownBy(() -> provider(scripts).bootstrap(everything(), NOTHING))
        .isInstanceOf(BootstrapException.class)
        .hasMessage(message);
  }

  private static String record(String kind, String fields) {
    return "{\"kind\":\"" + kind + '"' + (fields.isEmpty() ? "" : "," + fields) + "}";
  }

  private static final class Committed implements SourceEvent.Transaction {
    @Override
    public SourcePosition position() {
      return new SourcePosition() {
        @Override
        public byte[] toBytes() {
          return new byte[0];
        }

        @Override
        public int compareTo(SourcePosition other) {
          return 0;
        }

        @Override
        public String toString() {
          return "0/15";
        }
      };
    }

    @Override
    public long xid() {
      return 1;
    }

    @Override
    public Instant commitTime() {
      return Instant.EPOCH;
    }

    @Override
    public List<SourceChange> changes() {
      var metadata =
          ElementMetadata.of(
              new ElementReference("pg", "users:1"), List.of("users"), Instant.EPOCH);
      return List.of(
          new SourceChange.Insert(new Element.Node(metadata, ElementPropertyMap.empty())));
    }
  }
}
