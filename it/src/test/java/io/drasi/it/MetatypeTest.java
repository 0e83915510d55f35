package io.drasi.it;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.drasi.api.config.ConfigurationException;
import io.drasi.api.config.Options;
import io.drasi.sink.jsonl.internal.osgi.SinkOptions;
import io.drasi.source.postgres.PostgresSourceConfig;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.felix.metatype.AD;
import org.apache.felix.metatype.Designate;
import org.apache.felix.metatype.MetaData;
import org.apache.felix.metatype.MetaDataReader;
import org.apache.felix.metatype.OCD;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.service.metatype.AttributeDefinition;

/** What tools read of a factory PID is what the parser of its configurations takes. */
class MetatypeTest {
  private static final String BOOTSTRAP = "bootstrap_provider";

  static List<Factory> factories() {
    return List.of(
        new Factory(
            "io.drasi.source.postgres",
            properties -> PostgresSourceConfig.parse(Options.ofComponent(properties)),
            List.of("require_auth", "tables", "table_keys"),
            List.of(
                ".password",
                "password_file",
                "passfile",
                "credential_provider",
                "ssl_root_cert",
                "ssl_cert",
                "ssl_key",
                ".ssl_key_password",
                "subscriber_timeout",
                "memory_limit_mb",
                "spill_dir",
                "state_dir")),
        new Factory("io.drasi.sink.jsonl", SinkOptions::parse, List.of("node_labels"), List.of()));
  }

  /**
   * A factory PID.
   *
   * @param lists the options that take several values
   * @param unwritten the options that have a default which is no text, or none
   */
  record Factory(
      String pid,
      Function<Map<String, ?>, Object> parser,
      List<String> lists,
      List<String> unwritten) {
    MetaData metatype() throws IOException {
      try (InputStream xml =
          MetatypeTest.class.getResourceAsStream("/OSGI-INF/metatype/%s.xml".formatted(pid))) {
        return new MetaDataReader().parse(Objects.requireNonNull(xml));
      }
    }

    List<AD> attributes() throws IOException {
      var described = (OCD) metatype().getObjectClassDefinitions().get(pid);
      Collection<?> attributes = described.getAttributeDefinitions().values();
      return attributes.stream().map(AD.class::cast).toList();
    }

    /** What the parser says of a configuration that cannot be used. */
    List<String> problems(Map<String, ?> properties) {
      return catchThrowableOfType(ConfigurationException.class, () -> parser.apply(properties))
          .problems();
    }

    /** What the parser says of a value. */
    List<String> problems(String key, Object value) {
      return problems(Map.of(key, value, "nonsense", "")).stream()
          .filter(problem -> problem.startsWith(key + ": "))
          .toList();
    }

    List<String> required() {
      return problems(Map.of()).stream()
          .filter(problem -> problem.endsWith(": is missing"))
          .map(problem -> problem.substring(0, problem.indexOf(':')))
          .toList();
    }

    /** The least configuration, and more. */
    Object parsed(Map<String, ?> more) {
      Map<String, Object> properties = new HashMap<>(more);
      required().forEach(key -> properties.put(key, "a"));
      return parser.apply(properties);
    }

    @Override
    public String toString() {
      return pid;
    }
  }

  private static String after(String words, String text) {
    return text.substring(text.indexOf(words) + words.length());
  }

  @ParameterizedTest
  @MethodSource("factories")
  void isThatOfTheFactory(Factory factory) throws Exception {
    assertThat((List<?>) factory.metatype().getDesignates())
        .singleElement()
        .isInstanceOfSatisfying(
            Designate.class,
            designate -> {
              assertThat(designate.getFactoryPid()).isEqualTo(factory.pid());
              assertThat(designate.getObject().getOcdRef()).isEqualTo(factory.pid());
            });
  }

  @ParameterizedTest
  @MethodSource("factories")
  void hasTheOptionsThatTheParserNames(Factory factory) throws Exception {
    String problem = factory.problems("other", "").get(0);
    List<String> options =
        new ArrayList<>(Arrays.asList(after("options are ", problem).split(", ", -1)));
    if (options.remove(BOOTSTRAP)) { // a group; and where there is one, it is the source's
      options.addAll(List.of(BOOTSTRAP + ".kind", "id"));
    }

    assertThat(factory.attributes())
        .extracting(AD::getID)
        .containsExactlyInAnyOrderElementsOf(options);
  }

  @ParameterizedTest
  @MethodSource("factories")
  void requiresWhatTheParserRequires(Factory factory) throws Exception {
    assertThat(factory.attributes())
        .filteredOn(AD::isRequired)
        .extracting(AD::getID)
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(factory.required());
  }

  @ParameterizedTest
  @MethodSource("factories")
  void hasTheDefaultsOfTheParser(Factory factory) throws Exception {
    Object byParser = factory.parsed(Map.of());
    List<String> unwritten = new ArrayList<>();
    for (AD attribute : factory.attributes()) {
      String[] value = attribute.getDefaultValue();
      if (value == null) {
        unwritten.add(attribute.getID());
      } else {
        assertThat(factory.parsed(Map.of(attribute.getID(), value[0])))
            .as(attribute.getID())
            .isEqualTo(byParser);
      }
    }

    unwritten.remove(BOOTSTRAP + ".kind");
    unwritten.removeAll(factory.required());
    unwritten.removeAll(factory.lists());
    assertThat(unwritten).containsExactlyElementsOf(factory.unwritten());
  }

  @ParameterizedTest
  @MethodSource("factories")
  void hasTheTypesOfTheParser(Factory factory) throws Exception {
    assertThat(factory.attributes())
        .allSatisfy(
            attribute ->
                assertThat(allowed(attribute))
                    .as(attribute.getID())
                    .isEqualTo(allowedByParser(factory, attribute.getID())));
  }

  /** In the words of the parser; empty for a text that may be anything. */
  private static String allowed(AD attribute) {
    return switch (attribute.getType()) {
      case AttributeDefinition.BOOLEAN -> "true or false";
      case AttributeDefinition.INTEGER ->
          attribute.getMax() == null
              ? "a whole number of at least " + attribute.getMin()
              : "a whole number from %s to %s".formatted(attribute.getMin(), attribute.getMax());
      case AttributeDefinition.PASSWORD -> "a secret";
      case AttributeDefinition.STRING -> {
        String[] values = attribute.getOptionValues();
        yield values == null ? "" : String.join(", ", values);
      }
      default -> "type " + attribute.getType();
    };
  }

  private static String allowedByParser(Factory factory, String key) {
    if (factory.problems(key, new Object()).stream().anyMatch(p -> p.contains("a secret"))) {
      return "a secret";
    }
    return factory.problems(key, ".").stream()
        .filter(problem -> problem.contains("allowed is "))
        .map(problem -> after("allowed is ", problem))
        .collect(joining());
  }

  @ParameterizedTest
  @MethodSource("factories")
  void hasListsWhereTheParserTakesLists(Factory factory) throws Exception {
    for (AD attribute : factory.attributes()) {
      boolean list =
          Stream.of("a", "a(b)", "none")
              .map(item -> factory.problems(attribute.getID(), new String[] {item}))
              .anyMatch(List::isEmpty);
      assertThat(list).as(attribute.getID()).isEqualTo(factory.lists().contains(attribute.getID()));
      assertThat(attribute.getCardinality())
          .as(attribute.getID())
          .isEqualTo(list ? Integer.MAX_VALUE : 0);
    }
  }
}
