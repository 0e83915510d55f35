package com.example.bootstrap.csv;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.bootstrap.BootstrapRequest;
import io.drasi.api.bootstrap.BootstrapSink;
import io.drasi.api.change.Element;
import io.drasi.api.change.ElementValue;
import io.drasi.api.change.SourceChange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvBootstrapProviderTest {
  private static final BootstrapRequest EVERYTHING = request(Set.of(), Set.of());
  private static final BootstrapSink NOTHING =
      batch -> {
        throw new AssertionError("delivered " + batch);
      };

  @TempDir Path folder;

  @Test
  void makesANodeOfEachRecord() throws Exception {
    CsvFile users = file("users", "id", "id,name,email\n1,\"Alice\",\n2,,\"\"\n");
    Instant modified = Instant.parse("2024-02-29T12:00:00.000001Z");
    Files.setLastModifiedTime(users.file(), FileTime.from(modified));

    List<Element> nodes = load(EVERYTHING, users);

    assertThat(nodes).hasSize(2);
    var metadata = nodes.get(0).metadata();
    assertThat(metadata.reference().sourceId()).isEqualTo("shop");
    assertThat(metadata.reference().elementId()).isEqualTo("users:1");
    assertThat(metadata.labels()).containsExactly("users");
    assertThat(metadata.effectiveFrom()).isEqualTo(modified);
    assertThat(nodes.get(0).properties())
        .containsExactly(
            entry("id", text("1")),
            entry("name", text("Alice")),
            entry("email", ElementValue.Null.NULL));
    assertThat(nodes.get(1).properties())
        .containsEntry("name", ElementValue.Null.NULL)
        .containsEntry("email", text(""));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "users     | b,a | x_\\,1    | users:1_x\\_\\\\",
        "users     | b,a | ,\"\"     | users:_\\N",
        "users     | a   | \\x,1     | users:\\\\x",
        "users     | a   | x\\_,1    | users:x\\_",
        "users     | a   | ,1        | users:\\N",
        "sch.users | a   | 1,1       | sch.users:1",
        "a:b       | a   | 1,1       | a\\:b:1"
      })
  void idsAreThoseOfAPostgresSource(String label, String key, String fields, String id)
      throws Exception {
    assertThat(ids(EVERYTHING, file(label, key, "a,b\n" + fields + "\n"))).containsExactly(id);
  }

  @Test
  void loadsOnlyTheLabelsThatAreWanted() throws Exception {
    CsvFile users = file("users", "id", "id\n1\n");
    CsvFile items = file("items", "id", "id\n2\n");
    CsvFile missing = new CsvFile("other", folder.resolve("missing.csv"), List.of("id"));

    assertThat(ids(EVERYTHING, users, items)).containsExactly("users:1", "items:2");
    assertThat(ids(request(Set.of("items"), Set.of()), users, items, missing))
        .containsExactly("items:2");
    assertThat(ids(request(Set.of(), Set.of("items")), users, items, missing)).isEmpty();
  }

  @Test
  void handsOverBatchesAcrossFilesAndTellsHowFarItIs() throws Exception {
    CsvFile one = file("one", "id", "id\n" + lines(1500));
    CsvFile two = file("two", "id", "id\n" + lines(1000));
    List<Object> told = new ArrayList<>();
    var sink =
        new BootstrapSink() {
          @Override
          public void accept(List<SourceChange.Insert> batch) {
            told.add(batch.size());
          }

          @Override
          public void progress(long count, OptionalLong estimatedTotal) {
            told.add(count + " of " + estimatedTotal.orElseThrow());
          }
        };

    var result = new CsvBootstrapProvider(List.of(one, two)).bootstrap(EVERYTHING, sink);

    assertThat(told)
        .containsExactly(1000, "1000 of 2500", 1000, "2000 of 2500", 500, "2500 of 2500");
    assertThat(result.count()).isEqualTo(2500);
    assertThat(result.position()).isEmpty();
  }

  @Test
  void namesFileLineAndReasonBeforeAnythingIsDelivered() throws Exception {
    CsvFile good = file("good", "id", "id\n" + lines(2500));
    CsvFile bad = file("bad", "id", "id,name\n1,\"two\nlines\"\n2\n");

    assertFails(
        bad.file() + ", line 4: its number of fields is 1, but the header names 2 columns",
        good,
        bad);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "``        | line 1: the header is missing, which names the columns",
        "id,,name  | line 1: has no name for column 2",
        "id,id     | line 1: names the column id twice",
        "no,name   | line 1: has no column id, which is in the key; columns are no, name"
      })
  void refusesAHeaderThatDoesNotNameTheColumns(String header, String reason) throws Exception {
    CsvFile file = file("users", "id", header);

    assertFails(file.file() + ", " + reason, file);
  }

  @Test
  void saysWhatIsWrongWithAFile() throws Exception {
    Path missing = folder.resolve("missing.csv");
    CsvFile latin = file("latin", "id", "id,name\n1,x\n");
    Files.writeString(latin.file(), "id,name\n1,Zoé\n", ISO_8859_1);

    assertFails(missing + ": there is no such file", new CsvFile("a", missing, List.of("id")));
    assertFails(folder + ": is not a regular file", new CsvFile("a", folder, List.of("id")));
    assertFails(latin.file() + ", line 2: is not UTF-8", latin);
  }

  @Test
  void failsWhenAFileChangesMeanwhile() throws Exception {
    CsvFile users = file("users", "id", "id\n" + lines(1000));
    List<Integer> batches = new ArrayList<>();
    BootstrapSink sink =
        batch -> {
          batches.add(batch.size());
          write(users.file(), "id\n" + lines(1001));
        };

    assertThatThrownBy(() -> provider(users).bootstrap(EVERYTHING, sink))
        .isInstanceOf(BootstrapException.class)
        .hasMessage(
            users.file()
                + ": changed while it was read; bootstrap again when it is not written to");
    assertThat(batches).containsExactly(1000);
  }

  @Test
  void endsWhenItsThreadIsInterrupted() throws Exception {
    CsvFile users = file("users", "id", "id\n" + lines(1));

    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> provider(users).bootstrap(EVERYTHING, NOTHING))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  private static void assertFails(String message, CsvFile... files) {
    assertThatThrownBy(() -> provider(files).bootstrap(EVERYTHING, NOTHING))
        .isInstanceOf(BootstrapException.class)
        .hasMessage(message);
  }

  private CsvFile file(String label, String keyColumns, String content) {
    Path file = folder.resolve(label.replace(':', '-') + ".csv");
    write(file, content);
    return new CsvFile(label, file, List.of(keyColumns.split(",")));
  }

  private static void write(Path file, String content) {
    try {
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String lines(int count) {
    return IntStream.range(0, count).mapToObj(i -> i + "\n").collect(Collectors.joining());
  }

  private static CsvBootstrapProvider provider(CsvFile... files) {
    return new CsvBootstrapProvider(List.of(files));
  }

  private static BootstrapRequest request(Set<String> nodeLabels, Set<String> relationLabels) {
    return BootstrapRequest.of("shop", "query", nodeLabels, relationLabels);
  }

  private static List<String> ids(BootstrapRequest request, CsvFile... files) throws Exception {
    return load(request, files).stream()
        .map(element -> element.metadata().reference().elementId())
        .toList();
  }

  private static List<Element> load(BootstrapRequest request, CsvFile... files) throws Exception {
    List<Element> elements = new ArrayList<>();
    provider(files)
        .bootstrap(request, batch -> batch.forEach(insert -> elements.add(insert.element())));
    return elements;
  }

  private static ElementValue text(String value) {
    return new ElementValue.Text(value);
  }

  private static Map.Entry<String, ElementValue> entry(String name, ElementValue value) {
    return Map.entry(name, value);
  }
}
