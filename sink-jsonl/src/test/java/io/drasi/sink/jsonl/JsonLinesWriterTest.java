package io.drasi.sink.jsonl;

import static io.drasi.sink.jsonl.Events.METADATA;
import static io.drasi.sink.jsonl.Events.metadata;
import static io.drasi.sink.jsonl.Events.node;
import static io.drasi.sink.jsonl.Events.transaction;
import static io.drasi.sink.jsonl.Events.written;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.change.Element;
import io.drasi.api.change.ElementMetadata;
import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementReference;
import io.drasi.api.change.ElementValue;
import io.drasi.api.change.PropertyNames;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SourceEvent;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonLinesWriterTest {
  private static final String END = ",\"position\":\"0/15\",\"xid\":123}\n";
  private static final ElementReference OLD = new ElementReference("pg-source", "users:0");

  @Test
  void writesAnInsert() throws IOException {
    assertThat(line(new SourceChange.Insert(anne())))
        .isEqualTo("{\"type\":\"Insert\",\"element\":" + element("Anne") + END);
  }

  @Test
  void writesWhereAnInsertWasMovedFrom() throws IOException {
    assertThat(line(new SourceChange.Insert(anne(), OLD)))
        .isEqualTo(
            "{\"type\":\"Insert\",\"element\":"
                + element("Anne")
                + ",\"moved_from\":\"users:0\""
                + END);
  }

  @Test
  void writesAnUpdate() throws IOException {
    assertThat(line(new SourceChange.Update(anne(), null)))
        .isEqualTo("{\"type\":\"Update\",\"element\":" + element("Anne") + END);
  }

  @Test
  void writesWhatWasBeforeAnUpdate() throws IOException {
    var before = node("name", new ElementValue.Text("Ann"));

    assertThat(line(new SourceChange.Update(anne(), before)))
        .isEqualTo(
            "{\"type\":\"Update\",\"element\":"
                + element("Anne")
                + ",\"before\":"
                + element("Ann")
                + END);
  }

  @Test
  void writesADelete() throws IOException {
    assertThat(line(new SourceChange.Delete(metadata("users:1"), null)))
        .isEqualTo("{\"type\":\"Delete\",\"metadata\":" + METADATA + END);
  }

  @Test
  void writesWhatWasBeforeADelete() throws IOException {
    assertThat(line(new SourceChange.Delete(metadata("users:1"), anne())))
        .isEqualTo(
            "{\"type\":\"Delete\",\"metadata\":"
                + METADATA
                + ",\"before\":"
                + element("Anne")
                + END);
  }

  @Test
  void writesATruncate() throws IOException {
    assertThat(line(new SourceChange.Truncate(List.of("users", "audit.log"), true, false)))
        .isEqualTo(
            """
            {"type":"Truncate","labels":["users","audit.log"],"cascade":true,\
            "restart_identity":false,"position":"0/15","xid":123}
            """);
  }

  @Test
  void writesBothEndsOfARelation() throws IOException {
    var relation =
        new Element.Relation(
            metadata("users:1"),
            new ElementReference("pg-source", "people:1"),
            new ElementReference("other", "people:2"),
            ElementPropertyMap.empty());

    assertThat(line(new SourceChange.Insert(relation)))
        .isEqualTo(
            """
            {"type":"Insert","element":{"metadata":%s,\
            "in_node":{"element_id":"people:1","source_id":"pg-source"},\
            "out_node":{"element_id":"people:2","source_id":"other"},\
            "properties":{}},"position":"0/15","xid":123}
            """
                .formatted(METADATA));
  }

  @Test
  void writesHowMuchWasMissedAndDoesNotCountItAsAChange() throws IOException {
    var out = new ByteArrayOutputStream();
    try (var writer = new JsonLinesWriter(out)) {
      assertThat(writer.write(new Events.Missed(2, 17, new Events.Position("0/16")))).isZero();
    }

    assertThat(out.toString(UTF_8))
        .isEqualTo(
            """
            {"type":"Lagged","missed_transactions":2,"missed_changes":17,"position":"0/16"}
            """);
  }

  @Test
  void writesTheElementsOfABootstrapBetweenItsBeginAndItsEnd() throws IOException {
    var insert = new SourceChange.Insert(Events.node(Map.of()));
    assertThat(
            written(
                new SourceEvent.BootstrapStarted() {},
                new Events.Batch(List.of(insert)),
                new Events.Completed(1, new Events.Position("0/16"))))
        .asString(UTF_8)
        .isEqualTo(
            """
            {"type":"BootstrapStarted"}
            {"type":"Insert","element":{"metadata":%s,"properties":{}},"bootstrap":true}
            {"type":"BootstrapCompleted","count":1,"position":"0/16"}
            """
                .formatted(METADATA));
  }

  @Test
  void writesNothingForEventsItDoesNotKnow() throws IOException {
    assertThat(written(new Events.Nothing(new Events.Position("0/16")), new SourceEvent() {}))
        .isEmpty();
  }

  @Test
  void writesALineForEachChangeInOrderAndCountsThem() throws IOException {
    var out = new ByteArrayOutputStream();
    var writer = new JsonLinesWriter(out);

    int changes =
        writer.write(
            transaction(
                new SourceChange.Delete(metadata("users:1"), null),
                new SourceChange.Insert(anne(), OLD),
                new SourceChange.Truncate(List.of("users"), false, true)));

    assertThat(changes).isEqualTo(3);
    assertThat(out.toString(UTF_8).lines())
        .extracting(line -> line.substring(0, 12))
        .containsExactly("{\"type\":\"Del", "{\"type\":\"Ins", "{\"type\":\"Tru");
  }

  @Test
  void flushesAfterEachEvent() throws IOException {
    var out = new ByteArrayOutputStream();
    var writer = new JsonLinesWriter(new BufferedOutputStream(out, 1 << 20));

    writer.write(transaction(new SourceChange.Insert(anne())));
    assertThat(out.toString(UTF_8)).endsWith("}\n").hasLineCount(1);

    writer.write(transaction(new SourceChange.Insert(anne())));
    assertThat(out.toString(UTF_8)).endsWith("}\n").hasLineCount(2);
  }

  @Test
  void closesTheStream() throws IOException {
    var closed = new boolean[1];
    var out =
        new OutputStream() {
          @Override
          public void write(int b) {}

          @Override
          public void close() {
            closed[0] = true;
          }
        };

    new JsonLinesWriter(out).close();

    assertThat(closed[0]).isTrue();
  }

  @Test
  void leavesOutWhatWasNotSentAndKeepsTheOrderOfTheRest() throws IOException {
    var names = PropertyNames.of(List.of("z", "toast", "a"));
    var values = new ElementValue[] {new ElementValue.Integer(1), null, ElementValue.Null.NULL};
    var element = new Element.Node(metadata("users:1"), ElementPropertyMap.of(names, values));

    assertThat(line(new SourceChange.Update(element, null)))
        .contains("\"properties\":{\"z\":1,\"a\":null}}");
  }

  @Test
  void printsTheCommitTimeInMicrosecondsBeforeTheEpochToo() throws IOException {
    var metadata = ElementMetadata.of(OLD, List.of(), Instant.parse("1969-12-31T23:59:59.999999Z"));

    assertThat(line(new SourceChange.Delete(metadata, null)))
        .contains("\"labels\":[],\"effective_from\":-1}");
  }

  private static Element anne() {
    return node("name", new ElementValue.Text("Anne"));
  }

  private static String element(String name) {
    return "{\"metadata\":%s,\"properties\":{\"name\":\"%s\"}}".formatted(METADATA, name);
  }

  private static String line(SourceChange change) throws IOException {
    return new String(written(transaction(change)), UTF_8);
  }
}
