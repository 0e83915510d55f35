package io.drasi.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.URI;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("HOST", "db.example", "PORT", "5433", "EMPTY", "", "TABLES", "users, orders");

  private enum Mode {
    PREFER,
    VERIFY_FULL
  }

  @Test
  void readsValuesOfTheirOwnTypeAndAsText() {
    assertThat(read("host", "localhost").text("host")).contains("localhost");
    assertThat(read("host", 5).text("host")).contains("5");
    assertThat(read("host", true).text("host")).contains("true");
    assertThat(read("host", "localhost").requiredText("host")).contains("localhost");
    assertThat(read("password", "s3cret").secret("password")).contains("s3cret");
    assertThat(read("password", 12345).secret("password")).contains("12345");
    assertThat(read("port", 5432).integer("port", 1, 65535)).contains(5432);
    assertThat(read("port", " 5432 ").integer("port", 1, 65535)).contains(5432);
    assertThat(read("auto_start", false).bool("auto_start")).contains(false);
    assertThat(read("auto_start", " TRUE ").bool("auto_start")).contains(true);
    assertThat(read("mode", "verify-full").oneOf("mode", Mode.class)).contains(Mode.VERIFY_FULL);
    assertThat(read("mode", "Verify_Full").oneOf("mode", Mode.class)).contains(Mode.VERIFY_FULL);
  }

  @Test
  void readsListsFromListsArraysAndCommaSeparatedTexts() {
    assertThat(read("t", List.of("a,b", "c")).texts("t")).contains(List.of("a,b", "c"));
    assertThat(read("t", new String[] {"a", "b"}).texts("t")).contains(List.of("a", "b"));
    assertThat(read("t", List.of(1, true)).texts("t")).contains(List.of("1", "true"));
    assertThat(read("t", " a, b ,,c").texts("t")).contains(List.of("a", "b", "c"));
    assertThat(read("t", "").texts("t")).contains(List.of());
    assertThat(read("t", "a").requiredTexts("t")).contains(List.of("a"));
  }

  @Test
  void readsSectionsAndLists() {
    var options =
        read(
            "provider",
            Map.of("kind", "noop"),
            "table_keys",
            List.of("users(id)", 7, Map.of("table", "orders", "keyColumns", List.of("id"))));

    assertThat(options.section("provider").flatMap(section -> section.text("kind")))
        .contains("noop");
    List<Object> items = options.items("table_keys").orElseThrow();
    assertThat(items).hasSize(3).startsWith("users(id)", "7");
    var group = (Options) items.get(2);
    assertThat(group.text("table")).contains("orders");
    assertThat(group.texts("key_columns")).contains(List.of("id"));
    assertThatCode(options::finish).doesNotThrowAnyException();
  }

  @Test
  void readsAGroupOfSomebodyElseAsItStandsNestedOrFlat() {
    Map<String, Object> group = Map.of("kind", "file", "filePath", "${HOST}", "a.b", 7);
    var nested = read("provider", group);
    var flat = read("provider.kind", "file", "provider.filePath", "${HOST}", "provider.a.b", 7);
    var both = read("provider", Map.of("kind", "file", "a.b", 7), "provider.filePath", "${HOST}");

    for (Options options : List.of(nested, flat, both)) {
      assertThat(options.group("provider")).contains(group);
      assertThatCode(options::finish).doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bootstrap_provider", "bootstrapProvider", "BOOTSTRAP_PROVIDER"})
  void findsAGroupInEveryUsualSpelling(String spelling) {
    var nested = read(spelling, Map.of("kind", "noop"));
    var flat = read(spelling + ".kind", "noop");

    for (Options options : List.of(nested, flat)) {
      assertThat(options.group("bootstrap_provider")).contains(Map.of("kind", "noop"));
      assertThatCode(options::finish).doesNotThrowAnyException();
    }
  }

  @Test
  void tellsAGroupWithNothingInItFromNone() {
    var values = new LinkedHashMap<String, @Nullable Object>();
    values.put("flat.kind", null);
    values.put("empty", Map.of());
    var options = Options.of(values, ENVIRONMENT::get);

    assertThat(options.group("flat")).isEmpty();
    assertThat(options.group("empty")).contains(Map.of());
    assertThatCode(options::finish).doesNotThrowAnyException();
  }

  @Test
  void refusesAnOptionOfAGroupThatIsGivenTwice() {
    var nestedAndFlat = read("provider", Map.of("kind", "a"), "provider.kind", "b");
    var spellings = read("theProvider.kind", "a", "the_provider.kind", "b");

    nestedAndFlat.group("provider");
    spellings.group("the_provider");

    assertThat(problems(nestedAndFlat)).containsExactly("provider.kind: is given twice");
    assertThat(problems(spellings)).containsExactly("the_provider.kind: is given twice");
  }

  @Test
  void aGroupTakesNoKeysOfOtherGroups() {
    var options = read("provider.kind", "noop", "providers.kind", "a", ".kind", "b", "kind", "c");

    assertThat(options.group("provider")).contains(Map.of("kind", "noop"));
    assertThat(problems(options))
        .containsExactly(
            "providers.kind: is not an option; options are provider",
            ".kind: is not an option; options are provider",
            "kind: is not an option; options are provider");
  }

  @Test
  void takesATextForAListOfOneItem() {
    assertThat(read("table_keys", "orders(a, b)").items("table_keys"))
        .contains(List.of("orders(a, b)"));
  }

  @ParameterizedTest
  @MethodSource("getters")
  void isEmptyAndContentWhereAnOptionIsMissing(Consumer<Options> getter) {
    var missing = read();
    var given = new LinkedHashMap<String, @Nullable Object>();
    given.put("k", null);
    var nothing = Options.of(given, ENVIRONMENT::get);

    getter.accept(missing);
    getter.accept(nothing);

    assertThatCode(missing::finish).doesNotThrowAnyException();
    assertThatCode(nothing::finish).doesNotThrowAnyException();
  }

  static Stream<Consumer<Options>> getters() {
    return Stream.of(
        o -> assertThat(o.text("k")).isEmpty(),
        o -> assertThat(o.secret("k")).isEmpty(),
        o -> assertThat(o.integer("k", 1, 2)).isEmpty(),
        o -> assertThat(o.bool("k")).isEmpty(),
        o -> assertThat(o.oneOf("k", Mode.class)).isEmpty(),
        o -> assertThat(o.texts("k")).isEmpty(),
        o -> assertThat(o.items("k")).isEmpty(),
        o -> assertThat(o.group("k")).isEmpty(),
        o -> assertThat(o.section("k")).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"slot_name", "slotName", "SLOT_NAME", "Slot_Name"})
  void findsAKeyInEveryUsualSpelling(String spelling) {
    var options = read(spelling, "drasi");

    assertThat(options.text("slot_name")).contains("drasi");
    assertThatCode(options::finish).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "${HOST}                | db.example",
        "a-${HOST}:${PORT}-b    | a-db.example:5433-b",
        "${HOST:-localhost}     | db.example",
        "${UNSET:-localhost}    | localhost",
        "${EMPTY:-localhost}    | localhost",
        "[${UNSET:-}]           | []",
        "[${EMPTY}]             | []",
        "${UNSET:-a:-b}         | a:-b",
        "${UNSET:-jdbc:x//y?z}  | jdbc:x//y?z",
        "$${HOST}               | ${HOST}",
        "$${${PORT}}            | ${5433}",
        "$$${PORT}              | $${PORT}",
        "$HOST $ $$ {HOST} }    | $HOST $ $$ {HOST} }",
      })
  void takesReferencesFromTheEnvironment(String text, String expected) {
    assertThat(read("k", text).text("k")).contains(expected);
    assertThat(read("k", text).secret("k")).contains(expected);
    assertThat(read("k", List.of(text)).texts("k")).contains(List.of(expected));
    assertThat(read("k", List.of(text)).items("k")).contains(List.of(expected));
  }

  @Test
  void takesEveryKindOfValueFromTheEnvironment() {
    assertThat(read("port", "${PORT}").integer("port", 1, 65535)).contains(5433);
    assertThat(read("on", "${UNSET:-true}").bool("on")).contains(true);
    assertThat(read("mode", "${UNSET:-prefer}").oneOf("mode", Mode.class)).contains(Mode.PREFER);
    assertThat(read("tables", "${TABLES}").texts("tables")).contains(List.of("users", "orders"));
  }

  @Test
  void doesNotFollowReferencesInsideOfWhatTheEnvironmentHolds() {
    var options = Options.of(Map.of("k", "${A}"), name -> name.equals("A") ? "${B}" : "b");

    assertThat(options.text("k")).contains("${B}");
  }

  @Test
  void readsTheProcessEnvironmentUnlessTold() {
    var options = Options.of(Map.of("k", "${DRASI_TEST_NOT_SET:-default}"));

    assertThat(options.text("k")).contains("default");
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void namesAMistake(Object value, Consumer<Options> getter, String problem) {
    var options = read("k", value);

    getter.accept(options);

    assertThat(problems(options)).containsExactly(problem);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake(List.of(), o -> o.text("k"), "k: a list is not allowed; allowed is a text"),
        mistake(
            Map.of(), o -> o.text("k"), "k: a group of options is not allowed; allowed is a text"),
        mistake('c', o -> o.text("k"), "k: \"c\" is not allowed; allowed is a text"),
        mistake(" ", o -> o.requiredText("k"), "k: is empty; a text is needed"),
        mistake("${EMPTY}", o -> o.requiredText("k"), "k: is empty; a text is needed"),
        mistake("${X}", o -> o.requiredText("k"), "k: the environment variable X is not set"),
        mistake("${X}", o -> o.text("k"), "k: the environment variable X is not set"),
        mistake("${X", o -> o.text("k"), "k: has a ${ without its }; write $${ for a literal ${"),
        mistake("${}", o -> o.text("k"), "k: has a ${} without a name; write $${ for a literal ${"),
        mistake(
            "${:-x}", o -> o.text("k"), "k: has a ${} without a name; write $${ for a literal ${"),
        mistake(
            "${X:-${HOST}}",
            o -> o.text("k"),
            "k: has a ${ within a ${}, which has no meaning; write $${ for a literal ${"),
        mistake(
            "0",
            o -> o.integer("k", 1, 9),
            "k: \"0\" is not allowed; allowed is a whole number from 1 to 9"),
        mistake(
            10,
            o -> o.integer("k", 1, 9),
            "k: \"10\" is not allowed; allowed is a whole number from 1 to 9"),
        mistake(
            "4.5",
            o -> o.integer("k", 1, 9),
            "k: \"4.5\" is not allowed; allowed is a whole number from 1 to 9"),
        mistake(
            99999999999L,
            o -> o.integer("k", 1, Integer.MAX_VALUE),
            "k: \"99999999999\" is not allowed; allowed is a whole number of at least 1"),
        mistake("yes", o -> o.bool("k"), "k: \"yes\" is not allowed; allowed is true or false"),
        mistake(
            "ask",
            o -> o.oneOf("k", Mode.class),
            "k: \"ask\" is not allowed; allowed is prefer, verify-full"),
        mistake(5, o -> o.texts("k"), "k: \"5\" is not allowed; allowed is a list of texts"),
        mistake(
            Map.of(),
            o -> o.texts("k"),
            "k: a group of options is not allowed; allowed is a list of texts"),
        mistake(
            List.of("a", List.of()),
            o -> o.texts("k"),
            "k[1]: a list is not allowed; allowed is a text"),
        mistake(
            Arrays.asList("a", null),
            o -> o.texts("k"),
            "k[1]: nothing is not allowed; allowed is a text"),
        mistake(
            List.of("a", "${X}"), o -> o.texts("k"), "k[1]: the environment variable X is not set"),
        mistake(
            List.of("${X}"),
            o -> o.requiredTexts("k"),
            "k[0]: the environment variable X is not set"),
        mistake(
            List.of(),
            o -> o.requiredTexts("k"),
            "k: is empty; a list of at least one text is needed"),
        mistake(
            " , ", o -> o.requiredTexts("k"), "k: is empty; a list of at least one text is needed"),
        mistake(List.of("a", " "), o -> o.requiredTexts("k"), "k: holds an empty text"),
        mistake(5, o -> o.items("k"), "k: \"5\" is not allowed; allowed is a list"),
        mistake(
            Map.of(), o -> o.items("k"), "k: a group of options is not allowed; allowed is a list"),
        mistake(
            Collections.singletonList(null),
            o -> o.items("k"),
            "k[0]: nothing is not allowed; allowed is a text or a group"),
        mistake(
            List.of(List.of()),
            o -> o.items("k"),
            "k[0]: a list is not allowed; allowed is a text or a group"),
        mistake("a", o -> o.group("k"), "k: \"a\" is not allowed; allowed is a group of options"),
        mistake(
            List.of(),
            o -> o.group("k"),
            "k: a list is not allowed; allowed is a group of options"),
        mistake(
            "a", o -> o.section("k"), "k: \"a\" is not allowed; allowed is a group of options"));
  }

  @Test
  void takesTheMistakesThatItsReaderFinds() {
    var options = read("k", "banana");

    options.text("k").ifPresent(text -> options.problem("k", "is a fruit"));

    assertThat(problems(options)).containsExactly("k: is a fruit");
  }

  @Test
  void namesWhatIsMissing() {
    var options = read();

    options.requiredText("host");
    options.requiredTexts("file_paths");

    assertThat(problems(options)).containsExactly("host: is missing", "file_paths: is missing");
  }

  @Test
  void namesEveryMistakeAtOnce() {
    var options = read("port", "x", "on", "y");

    options.integer("port", 1, 2);
    options.bool("on");
    options.requiredText("host");

    var thrown = catchThrowableOfType(ConfigurationException.class, options::finish);
    assertThat(thrown.problems())
        .containsExactly(
            "port: \"x\" is not allowed; allowed is a whole number from 1 to 2",
            "on: \"y\" is not allowed; allowed is true or false",
            "host: is missing");
    assertThat(thrown).hasMessage(String.join("\n", thrown.problems()));
  }

  @Test
  void namesUnknownKeysAsTheyWereWrittenAndNotTheirValues() {
    var options = read("passwrod", "s3cret", "host", "h");

    options.text("host");
    options.secret("password");

    assertThat(problems(options))
        .containsExactly("passwrod: is not an option; options are host, password");
  }

  @Test
  void doesNotListTheIdWhichIsGivenOrNamedAsMissing() {
    var given = read("id", "shop", "prot", 1);
    assertThat(given.id()).contains("shop");
    given.text("port");
    assertThat(problems(given)).containsExactly("prot: is not an option; options are port");

    var missing = read("prot", 1);
    assertThat(missing.id()).isEmpty();
    assertThat(problems(missing))
        .containsExactly("id: is missing", "prot: is not an option; there are none");
  }

  @Test
  void saysWhenThereAreNoOptionsAtAll() {
    assertThat(problems(read("a", 1))).containsExactly("a: is not an option; there are none");
  }

  @Test
  void namesUnknownKeysAndMistakesInSectionsAndListItemsByTheirPath() {
    var options =
        read(
            "provider",
            Map.of("kind", "noop", "colour", "red"),
            "keys",
            List.of("a", Map.of("table", List.of(), "size", 1)));

    options.section("provider").orElseThrow().text("kind");
    options.items("keys").orElseThrow().stream()
        .filter(Options.class::isInstance)
        .map(Options.class::cast)
        .forEach(item -> item.text("table"));

    assertThat(problems(options))
        .containsExactly(
            "keys[1].table: a list is not allowed; allowed is a text",
            "provider.colour: is not an option; options are kind",
            "keys[1].size: is not an option; options are table");
  }

  @Test
  void refusesAKeyInTwoSpellings() {
    var values = new LinkedHashMap<String, Object>();
    values.put("slot_name", "a");
    values.put("slotName", "b");
    var options = Options.of(values, ENVIRONMENT::get);

    options.text("slot_name");

    assertThat(problems(options))
        .containsExactly("slotName: is given twice, the other time as slot_name");
  }

  @ParameterizedTest
  @MethodSource("badSecrets")
  void neverShowsASecret(Object value, String problem) {
    var options = read("password", value);

    assertThat(options.secret("password")).isEmpty();

    assertThat(problems(options)).containsExactly(problem);
  }

  static Stream<Arguments> badSecrets() {
    String shape = "password: is not allowed as it is (not shown: a secret); allowed is a text";
    return Stream.of(
        arguments(List.of("hunter2"), shape),
        arguments(Map.of("hunter2", "hunter2"), shape),
        arguments(URI.create("hunter2"), shape),
        arguments(
            "${hunter2}",
            "password: refers to an environment variable that is not set; write $${ for a literal ${"),
        arguments("x${hunter2", "password: has a ${ without its }; write $${ for a literal ${"),
        arguments("hunter2${}", "password: has a ${} without a name; write $${ for a literal ${"),
        arguments(
            "${a:-${hunter2}}",
            "password: has a ${ within a ${}, which has no meaning; write $${ for a literal ${"));
  }

  @Test
  void leavesOutOfAComponentsPropertiesWhatIsNotItsOwn() {
    var options =
        Options.ofComponent(
            Map.of(
                "host", "a",
                "service.pid", "io.drasi.a~b",
                "component.id", 7L,
                "osgi.ds.satisfying.condition.target", "(a=b)",
                "connector.target", "(a=b)",
                "felix.fileinstall.filename", "file:/a.cfg"));

    assertThat(options.text("host")).contains("a");

    assertThatCode(options::finish).doesNotThrowAnyException();
    assertThat(options.asMap()).isEqualTo(Map.of("host", "a"));
  }

  @Test
  void readsASecretOfAComponentWhereOnlyTheComponentSeesIt() {
    var options = Options.ofComponent(Map.of(".password", "s3cret"));

    assertThat(options.secret("password")).contains("s3cret");

    assertThatCode(options::finish).doesNotThrowAnyException();
    assertThat(options.asMap()).isEqualTo(Map.of("password", "s3cret"));
  }

  @Test
  void refusesASecretOfAComponentThatEveryBundleMaySee() {
    var options = Options.ofComponent(Map.of("password", "s3cret", "hots", "a"));
    options.text("host");

    assertThat(options.secret("password")).isEmpty();

    assertThat(problems(options))
        .containsExactly(
            "password: is not allowed here, since every bundle may see it; use .password",
            "hots: is not an option; options are host, .password");
  }

  @Test
  void takesAnEmptyFieldOfAFormForAnOptionThatWasNotGiven() {
    var options =
        Options.ofComponent(
            Map.of("port", "", "host", "", "tables", new String[] {"", "users"}, "hots", ""));

    assertThat(options.integer("port", 1, 65535)).isEmpty();
    assertThat(options.requiredText("host")).isEmpty();
    assertThat(options.texts("tables")).contains(List.of("users"));

    assertThat(options.asMap()).containsOnlyKeys("tables");
    assertThat(problems(options))
        .containsExactly(
            "host: is missing", "hots: is not an option; options are port, host, tables");
  }

  @Test
  void hidesNothingButSecretsOfAComponent() {
    var options = Options.ofComponent(Map.of(".host", "a"));

    assertThat(options.text("host")).isEmpty();

    assertThat(problems(options)).containsExactly(".host: is not an option; options are host");
  }

  @Test
  void writesConstantsAsOptions() {
    assertThat(Options.optionName(Mode.VERIFY_FULL)).isEqualTo("verify-full");
  }

  private static Arguments mistake(Object value, Consumer<Options> getter, String problem) {
    return arguments(value, getter, problem);
  }

  private static Options read(Object... keysAndValues) {
    var values = new LinkedHashMap<String, Object>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return Options.of(values, ENVIRONMENT::get);
  }

  private static List<String> problems(Options options) {
    return catchThrowableOfType(ConfigurationException.class, options::finish).problems();
  }

  @Test
  void standInAConfigurationAsAComponentReadsThem() {
    Map<String, Object> given =
        Map.of(
            "port",
            5432,
            "apiToken",
            "${TOKEN}",
            "tables",
            List.of("a", "b"),
            "provider",
            Map.of(
                "kind",
                "csv",
                "files",
                List.of(Map.of("label", "x", "columns", List.of("p", "q")), "y=z")));
    Options options = Options.of(given, name -> "t");
    assertThat(options.secret("api_token")).contains("t");

    Map<String, Object> configuration = options.asConfiguration();

    assertThat(configuration)
        .containsOnlyKeys(
            "port",
            ".api_token",
            "tables",
            "provider.kind",
            "provider.files[0].label",
            "provider.files[0].columns",
            "provider.files[1]");
    assertThat(configuration).containsEntry(".api_token", "${TOKEN}");
    Options read = Options.ofComponent(configuration);
    assertThat(read.texts("tables")).contains(List.of("a", "b"));
    assertThat(read.group("provider").orElseThrow())
        .containsEntry("kind", "csv")
        .extractingByKey("files", LIST)
        .satisfiesExactly(
            item ->
                assertThat(item)
                    .asInstanceOf(MAP)
                    .containsEntry("label", "x")
                    .containsEntry("columns", List.of("p", "q")),
            item -> assertThat(item).isEqualTo("y=z"));
  }
}
