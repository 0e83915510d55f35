package io.drasi.deployer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.drasi.api.config.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationFileTest {
  private static final String PID = "io.drasi.source.scripted";

  @TempDir private Path folder;

  private final SourceFactories factories = new SourceFactories();

  @BeforeEach
  void install() {
    factories.add(new ScriptedSourceFactory(), Map.of("drasi.source.pid", PID));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void hasALinePerMistake(String yaml, List<String> expected) throws Exception {
    Path file = write(yaml);

    assertThat(problems(file))
        .containsExactlyElementsOf(expected.stream().map(line -> file + ": " + line).toList());
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
                    + " database, port, password, tables, auto_start, unusable")),
        arguments(
            source("database: d", "password: ${UNSET}"),
            List.of("properties.password: the environment variable UNSET is not set")),
        arguments(
            source("database: d", "id: a"),
            List.of("properties.id: does not belong here; id stands beside source_type")),
        arguments(
            source("database: d", "auto_start: false"),
            List.of("properties.auto_start: false is not allowed here; to run is to start")),
        arguments(
            source("database: d", "unusable: its state cannot be read"),
            List.of("properties: its state cannot be read")),
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

    assertThat(problems(file))
        .containsExactly(
            file
                + ": source_type: \"oracle\" is not allowed; allowed is what is installed:"
                + " scripted");
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void saysWhyAFileIsNoConfiguration(byte[] content, String expected) throws Exception {
    Path file = Files.write(folder.resolve("config.yaml"), content);

    assertThat(problems(file)).singleElement().asString().startsWith(file + ": " + expected);
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

    assertThat(problems(file)).containsExactly(file + ": there is no such file");
  }

  @Test
  void saysThatAFileIsAFolder() {
    assertThat(problems(folder)).containsExactly(folder + ": is a folder");
  }

  @Test
  void makesConfigurationsOfTheOptionsAsTheyStand() throws Exception {
    Path file =
        write(
            "id: orders\n"
                + source("database: d", "password: ${SECRET}", "tables: [a, b]", "port:"));

    WantedSource source = ConfigurationFile.read(file, factories).get(0);

    assertThat(source.pid()).isEqualTo("io.drasi.source.scripted");
    assertThat(source.id()).isEqualTo("orders");
    assertThat(source.canBootstrap()).isFalse();
    assertThat(source.configuration())
        .containsOnly(
            entry("id", "orders"),
            entry("database", "d"),
            entry("password", "${SECRET}"),
            entry("tables", new String[] {"a", "b"}));
    assertThat(source.toString()).doesNotContain("SECRET");
  }

  @Test
  void takesAListOfSources() throws Exception {
    Path file = write("sources:\n" + item("a", "database: d") + item("b", "database: e"));

    assertThat(ConfigurationFile.read(file, factories))
        .extracting(WantedSource::id)
        .containsExactly("a", "b");
  }

  @Test
  void namesTheSourceOfAListThatHasTheMistake() throws Exception {
    Path file =
        write(
            "verbose: true\nsources:\n"
                + item("a", "database: d")
                + item("a", "database: d")
                + item("b", "port: 1")
                + "  - source_type: scripted\n    properties: {database: d}\n  - text\n");

    assertThatThrownBy(() -> ConfigurationFile.read(file, factories))
        .hasMessage(
            """
            FILE: verbose: does not belong beside sources
            FILE: sources[2].properties.database: is missing
            FILE: sources[3].id: is missing
            FILE: sources[4]: a group of options is needed, such as "source_type: postgres"
            FILE: sources: the id "a" comes twice"""
                .replace("FILE", file.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sources: []\n", "sources:\n", "sources: postgres\n"})
  void needsASource(String yaml) throws Exception {
    Path file = write(yaml);

    assertThatThrownBy(() -> ConfigurationFile.read(file, factories))
        .hasMessage(file + ": sources: a list of at least one source is needed");
  }

  private static String item(String id, String property) {
    return "  - source_type: scripted\n    id: %s\n    properties: {%s}\n".formatted(id, property);
  }

  private List<String> problems(Path file) {
    return catchThrowableOfType(
            ConfigurationException.class, () -> ConfigurationFile.read(file, factories))
        .problems();
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
