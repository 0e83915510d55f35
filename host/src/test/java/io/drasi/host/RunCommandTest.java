package io.drasi.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RunCommandTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("mistakes")
  void printsALinePerMistakeAndEndsWithTwo(String yaml, List<String> expected) throws Exception {
    Path file = write(yaml);

    CommandRun run = CommandRun.of("run", file.toString());

    assertThat(run.err())
        .containsExactlyElementsOf(expected.stream().map(line -> file + ": " + line).toList());
    assertThat(run.out()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(2);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        arguments(
            source("database: d", "port: abc"),
            List.of(
                "properties.port: \"abc\" is not allowed;"
                    + " allowed is a whole number from 1 to 65535")),
        arguments(
            source("port: 0", "tables: {a: b}"),
            List.of(
                "properties.database: is missing",
                "properties.port: \"0\" is not allowed;"
                    + " allowed is a whole number from 1 to 65535",
                "properties.tables: a group of options is not allowed;"
                    + " allowed is a list of texts")),
        arguments(
            source("database: d", "prot: 5432"),
            List.of(
                "properties.prot: is not an option; options are"
                    + " database, port, password, tables, auto_start, transactions, failure")),
        arguments(
            source("database: d", "password: ${UNSET}"),
            List.of("properties.password: the environment variable UNSET is not set")),
        arguments(
            source("database: d", "id: a"),
            List.of("properties.id: does not belong here; id stands beside source_type")),
        arguments(
            source("database: d", "auto_start: false"),
            List.of("properties.auto_start: false is not allowed here; to run is to start")),
        arguments("source_type: scripted\n", List.of("properties.database: is missing")),
        arguments("properties: {database: d}\n", List.of("source_type: is missing")),
        arguments(
            "source_type: scripted\nproperties: [database]\n",
            List.of(
                "properties: a list is not allowed; allowed is a group of options",
                "properties.database: is missing")),
        arguments(
            "source_type: scripted\nname: x\nproperties: {database: d, port: x}\n",
            List.of(
                "name: is not an option; options are source_type, id, properties",
                "properties.port: \"x\" is not allowed;"
                    + " allowed is a whole number from 1 to 65535")));
  }

  @Test
  void namesTheKindsThereAreForOneThatIsNot() throws Exception {
    Path file = write("source_type: oracle\n");

    CommandRun run = CommandRun.of("run", file.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .singleElement()
        .asString()
        .startsWith(file + ": source_type: \"oracle\" is not allowed; allowed is ")
        .contains("scripted");
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void saysWhyAFileIsNoConfiguration(byte[] content, String expected) throws Exception {
    Path file = Files.write(folder.resolve("config.yaml"), content);

    CommandRun run = CommandRun.of("run", file.toString());

    assertThat(run.err()).singleElement().asString().startsWith(file + ": " + expected);
    assertThat(run.exitCode()).isEqualTo(2);
  }

  static Stream<Arguments> unreadable() {
    String noGroup = "a group of options is needed, such as \"source_type: postgres\"";
    return Stream.of(
        arguments(utf8(""), noGroup),
        arguments(utf8("# nothing\n"), noGroup),
        arguments(utf8("- source_type\n"), noGroup),
        arguments(utf8("postgres\n"), noGroup),
        arguments(utf8("a: b: c\n"), "is not YAML in line 1, column 5: mapping values are not"),
        arguments(utf8("a:\n\t- b\n"), "is not YAML in line 2, column 1: found character '\\t"),
        arguments(utf8("a: 1\na: 2\n"), "is not YAML in line 2, column 1: found duplicate key a"),
        arguments(utf8("a: [1, 2\n"), "is not YAML in line 2, column 1: expected ',' or ']'"),
        arguments(utf8("a: 1\n---\nb: 2\n"), "is not YAML in line 2, column 1: "),
        arguments(utf8("a: !!java.io.File x\n"), "is not YAML in line 1, column 4: could not"),
        arguments(utf8("a: \u0001\n"), "is not YAML"),
        arguments(new byte[] {'a', ':', ' ', (byte) 0xff, '\n'}, "is not text in UTF-8"));
  }

  @Test
  void saysThatAFileIsMissing() {
    Path file = folder.resolve("missing.yaml");

    assertThat(CommandRun.of("run", file.toString()))
        .isEqualTo(new CommandRun(2, List.of(), List.of(file + ": there is no such file")));
  }

  @Test
  void saysThatAFileIsAFolder() {
    assertThat(CommandRun.of("run", folder.toString()))
        .isEqualTo(new CommandRun(2, List.of(), List.of(folder + ": is a folder")));
  }

  @Test
  void printsChangesOnStdoutAndTheFailureOnceOnStderr() throws Exception {
    Path file =
        write(source("database: d", "password: ${SECRET}", "transactions: 2", "failure: \"gone\""));

    CommandRun run = CommandRun.of("run", file.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).hasSize(6).allMatch(line -> line.startsWith("{\"type\":\"Insert\""));
    assertThat(run.out()).allMatch(line -> line.contains("\"source_id\":\"scripted-source\""));
    assertThat(run.err())
        .containsExactly("scripted-source: starting", "scripted-source: running", "drasi: gone");
  }

  @Test
  void printsStackTracesOnlyForDebug() throws Exception {
    Path file = write(source("database: d", "failure: gone"));

    assertThat(CommandRun.of("run", file.toString()).err()).noneMatch(l -> l.startsWith("\tat "));
    assertThat(CommandRun.of("run", "--debug", file.toString()).err())
        .anyMatch(line -> line.startsWith("\tat "));
  }

  @Test
  void namesTheSourceByItsId() throws Exception {
    Path file = write("id: orders\n" + source("database: d", "failure: gone"));

    assertThat(CommandRun.of("run", file.toString()).err()).contains("orders: running");
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(folder.resolve("config.yaml"), yaml);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String source(String... properties) {
    return "source_type: scripted\nproperties:\n  " + String.join("\n  ", properties) + "\n";
  }
}
