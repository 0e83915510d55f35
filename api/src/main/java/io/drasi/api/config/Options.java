package io.drasi.api.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads options by name. Every mistake is collected, and {@link #finish} names all of them at once,
 * keys that nobody asked for included.
 *
 * <p>A key is written in snake_case and found in camelCase too. A value may be of its own type or
 * text, and text may hold {@code ${NAME}} or {@code ${NAME:-default}}, which is taken from the
 * environment; <code>$${</code> stands for <code>${</code>. A getter returns empty both for a
 * missing and for a bad value, since the bad one is already noted. Problems show the value that was
 * found; what must not be shown is read by {@link #secret}.
 *
 * <p>Not thread-safe.
 */
public final class Options {
  private static final String ID = "id";

  private final String path;
  private final Map<String, ?> values;
  private final UnaryOperator<@Nullable String> environment;
  private final List<String> problems;
  private final String secretPrefix;
  private final Set<String> known = new LinkedHashSet<>();
  private final Set<String> groups = new LinkedHashSet<>();
  private final Set<String> unlisted = new HashSet<>();
  private final Set<String> secrets = new HashSet<>();
  private final List<Options> sections = new ArrayList<>();

  private Options(
      String path,
      Map<String, ?> values,
      UnaryOperator<@Nullable String> environment,
      List<String> problems,
      String secretPrefix) {
    this.path = path;
    this.values = values;
    this.environment = environment;
    this.problems = problems;
    this.secretPrefix = secretPrefix;
  }

  /** Options to be read, with the process's environment. */
  public static Options of(Map<String, ?> values) {
    return of(values, System::getenv);
  }

  /**
   * Options to be read.
   *
   * @param values the options by name
   * @param environment a variable's value by name, or null where it is not set
   */
  public static Options of(Map<String, ?> values, UnaryOperator<@Nullable String> environment) {
    return new Options("", values, environment, new ArrayList<>(), "");
  }

  /**
   * The options among the properties of an OSGi component, with the process's environment. Left out
   * is what the framework, Declarative Services, Configuration Admin and those who write to it add:
   * {@code service.*}, {@code component.*}, {@code osgi.*}, {@code felix.*} and {@code *.target}.
   *
   * <p>A secret stands under its key with a dot before it, as {@code .password}: Declarative
   * Services keeps such a property to the component. Without the dot it is refused. An empty text
   * is not given: forms write it for fields that were left empty. {@code files[0].label} stands for
   * the option {@code label} of the first group in the list {@code files}.
   */
  public static Options ofComponent(Map<String, ?> properties) {
    return new Options(
        "",
        FlatOptions.withLists(ComponentProperties.options(properties)),
        System::getenv,
        new ArrayList<>(),
        ComponentProperties.PRIVATE);
  }

  /**
   * The options by name as they stand, for somebody else to read too; those of a component with its
   * secrets under their keys without the dot.
   */
  public Map<String, Object> asMap() {
    Map<String, Object> plain = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          if (value != null) {
            boolean secret = key.startsWith(secretPrefix);
            plain.put(secret ? key.substring(secretPrefix.length()) : key, value);
          }
        });
    return plain;
  }

  /**
   * The options as the configuration of an OSGi component has them, so that {@link #ofComponent}
   * reads the same: flat, and secrets with a dot before their keys. To be asked for after the
   * reading, when it is known which are secrets; references to the environment stay as they are.
   */
  public Map<String, Object> asConfiguration() {
    Map<String, Object> configuration = new LinkedHashMap<>();
    FlatOptions.of(values)
        .forEach(
            (key, value) -> {
              String name = snakeCase(key);
              configuration.put(
                  secrets.contains(name) ? ComponentProperties.PRIVATE + name : key, value);
            });
    return configuration;
  }

  /** A text; a number or truth value is taken as it prints. */
  public Optional<String> text(String key) {
    Object value = find(key);
    return value == null ? Optional.empty() : text(key, value);
  }

  /** A text that must be there and must not be blank. */
  public Optional<String> requiredText(String key) {
    if (find(key) == null) {
      problem(key, "is missing");
      return Optional.empty();
    }
    Optional<String> text = text(key);
    if (text.isPresent() && text.get().isBlank()) {
      problem(key, "is empty; a text is needed");
      return Optional.empty();
    }
    return text;
  }

  /**
   * The text {@code id}, which must be there and must not be blank. The list of options that a
   * misspelled key is answered with leaves it out: it is given, or named as missing; and where it
   * is given is the host's business.
   */
  public Optional<String> id() {
    unlisted.add(ID);
    return requiredText(ID);
  }

  /**
   * A text that is a secret: whatever is wrong with it, no part of it is printed. So that it stays
   * so, read a secret by no other getter.
   */
  public Optional<String> secret(String key) {
    secrets.add(key);
    String privateKey = secretPrefix + key;
    if (!privateKey.equals(key)) {
      unlisted.add(key);
      if (find(key) != null) {
        problem(key, "is not allowed here, since every bundle may see it; use " + privateKey);
      }
    }
    Object value = find(privateKey);
    if (value == null) {
      return Optional.empty();
    }
    if (!isScalar(value)) {
      problem(privateKey, "is not allowed as it is (not shown: a secret); allowed is a text");
      return Optional.empty();
    }
    try {
      return Optional.of(new Substitution(environment).resolve(value.toString()));
    } catch (Substitution.UnresolvedException e) {
      problem(privateKey, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** A whole number within bounds. */
  public Optional<Integer> integer(String key, int least, int most) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      int number = Integer.parseInt(text.get().strip());
      if (number >= least && number <= most) {
        return Optional.of(number);
      }
    } catch (NumberFormatException e) {
      // Told below, together with numbers out of bounds.
    }
    String allowed =
        most == Integer.MAX_VALUE
            ? "a whole number of at least " + least
            : "a whole number from %d to %d".formatted(least, most);
    problem(key, "%s is not allowed; allowed is %s".formatted(quote(text.get()), allowed));
    return Optional.empty();
  }

  /** {@code true} or {@code false}. */
  public Optional<Boolean> bool(String key) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return switch (text.get().strip().toLowerCase(Locale.ROOT)) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> {
        problem(key, "%s is not allowed; allowed is true or false".formatted(quote(text.get())));
        yield Optional.empty();
      }
    };
  }

  /** One of an enum's constants, written in lower case with {@code -} for {@code _}. */
  public <E extends Enum<E>> Optional<E> oneOf(String key, Class<E> type) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String wanted = text.get().strip().toLowerCase(Locale.ROOT).replace('_', '-');
    for (E constant : type.getEnumConstants()) {
      if (optionName(constant).equals(wanted)) {
        return Optional.of(constant);
      }
    }
    String allowed =
        Arrays.stream(type.getEnumConstants())
            .map(Options::optionName)
            .collect(Collectors.joining(", "));
    problem(key, "%s is not allowed; allowed is %s".formatted(quote(text.get()), allowed));
    return Optional.empty();
  }

  /** How a constant is written in options: lower case with {@code -} for {@code _}. */
  public static String optionName(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A list of texts; one text that is no list is a list of its comma-separated parts. */
  public Optional<List<String>> texts(String key) {
    Object value = find(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof String text) {
      return resolve(key, text)
          .map(
              t ->
                  Arrays.stream(t.split(","))
                      .map(String::strip)
                      .filter(s -> !s.isEmpty())
                      .toList());
    }
    List<?> items = items(value);
    if (items == null) {
      problem(key, "%s is not allowed; allowed is a list of texts".formatted(shape(value)));
      return Optional.empty();
    }
    List<String> read = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      text("%s[%d]".formatted(key, i), items.get(i)).ifPresent(read::add);
    }
    return read.size() == items.size() ? Optional.of(read) : Optional.empty();
  }

  /** A list of texts that must be there, with one text at least and none of them blank. */
  public Optional<List<String>> requiredTexts(String key) {
    if (find(key) == null) {
      problem(key, "is missing");
      return Optional.empty();
    }
    Optional<List<String>> texts = texts(key);
    if (texts.isPresent() && texts.get().isEmpty()) {
      problem(key, "is empty; a list of at least one text is needed");
      return Optional.empty();
    }
    if (texts.isPresent() && texts.get().stream().anyMatch(String::isBlank)) {
      problem(key, "holds an empty text");
      return Optional.empty();
    }
    return texts;
  }

  /**
   * A list whose items are texts or groups of options.
   *
   * @return each item as the text it is, or as {@link Options} of its own, whose mistakes count
   *     here
   */
  public Optional<List<Object>> items(String key) {
    Object value = find(key);
    if (value == null) {
      return Optional.empty();
    }
    List<?> items = value instanceof String text ? List.of(text) : items(value);
    if (items == null) {
      problem(key, "%s is not allowed; allowed is a list".formatted(shape(value)));
      return Optional.empty();
    }
    List<Object> read = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      String itemKey = "%s[%d]".formatted(key, i);
      Object item = items.get(i);
      if (item instanceof Map<?, ?> group) {
        read.add(subsection(itemKey, group));
      } else if (item != null && isScalar(item)) {
        resolve(itemKey, item.toString()).ifPresent(read::add);
      } else {
        problem(itemKey, "%s is not allowed; allowed is a text or a group".formatted(shape(item)));
      }
    }
    return Optional.of(read);
  }

  /** A group of options; its mistakes count here. */
  public Optional<Options> section(String key) {
    Object value = find(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof Map<?, ?> group) {
      return Optional.of(subsection(key, group));
    }
    problem(key, "%s is not allowed; allowed is a group of options".formatted(shape(value)));
    return Optional.empty();
  }

  /**
   * A group of options that somebody else reads, as it stands: either nested, or flat, with the
   * group's key and a dot before each of its own.
   */
  public Optional<Map<String, Object>> group(String key) {
    Map<String, Object> group = new LinkedHashMap<>();
    groups.add(key + ".");
    values.forEach(
        (name, value) -> {
          if (isOfGroup(name, key + ".") && value != null) {
            addToGroup(group, key, name.substring(name.indexOf('.') + 1), value);
          }
        });
    Object nested = find(key);
    if (nested instanceof Map<?, ?> map) {
      map.forEach((name, value) -> addToGroup(group, key, String.valueOf(name), value));
    } else if (nested != null) {
      problem(key, "%s is not allowed; allowed is a group of options".formatted(shape(nested)));
      return Optional.empty();
    }
    return nested == null && group.isEmpty() ? Optional.empty() : Optional.of(group);
  }

  private void addToGroup(Map<String, Object> group, String key, String name, Object value) {
    if (group.put(name, value) != null) {
      problem(key + "." + name, "is given twice");
    }
  }

  private static boolean isOfGroup(String name, String prefix) {
    int dot = name.indexOf('.');
    return dot > 0 && prefix.equals(snakeCase(name.substring(0, dot)) + ".");
  }

  /** Notes a mistake: {@code <key>: <what>}. */
  public void problem(String key, String what) {
    problems.add(path + key + ": " + what);
  }

  /**
   * Ends the reading.
   *
   * @throws ConfigurationException when there was a mistake, naming all of them
   */
  public void finish() {
    noteUnknownKeys();
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }

  private void noteUnknownKeys() {
    List<String> listed = known.stream().filter(key -> !unlisted.contains(key)).toList();
    String options =
        listed.isEmpty() ? "there are none" : "options are " + String.join(", ", listed);
    Map<String, String> given = new HashMap<>();
    for (String key : values.keySet()) {
      String other = given.putIfAbsent(snakeCase(key), key);
      if (groups.stream().anyMatch(prefix -> isOfGroup(key, prefix))) {
        continue;
      }
      if (!known.contains(snakeCase(key))) {
        problem(key, "is not an option; " + options);
      } else if (other != null) {
        problem(key, "is given twice, the other time as " + other);
      }
    }
    sections.forEach(Options::noteUnknownKeys);
  }

  private Options subsection(String key, Map<?, ?> group) {
    Map<String, Object> named = new LinkedHashMap<>();
    group.forEach((name, value) -> named.put(String.valueOf(name), value));
    var section = new Options(path + key + ".", named, environment, problems, "");
    sections.add(section);
    return section;
  }

  private @Nullable Object find(String key) {
    known.add(key);
    @Nullable Object found = null;
    for (Map.Entry<String, ?> entry : values.entrySet()) {
      if (snakeCase(entry.getKey()).equals(key) && entry.getValue() != null) {
        found = entry.getValue();
      }
    }
    return found;
  }

  private Optional<String> text(String key, @Nullable Object value) {
    if (value != null && isScalar(value)) {
      return resolve(key, value.toString());
    }
    problem(key, "%s is not allowed; allowed is a text".formatted(shape(value)));
    return Optional.empty();
  }

  private Optional<String> resolve(String key, String text) {
    try {
      return Optional.of(new Substitution(environment).resolve(text));
    } catch (Substitution.UnresolvedException e) {
      problem(key, e.messageWithName());
      return Optional.empty();
    }
  }

  private static boolean isScalar(Object value) {
    return value instanceof String || value instanceof Number || value instanceof Boolean;
  }

  private static @Nullable List<?> items(Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    return value instanceof Object[] array ? Arrays.asList(array) : null;
  }

  private static String snakeCase(String key) {
    return key.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }

  private static String quote(String text) {
    return '"' + text + '"';
  }

  private static String shape(@Nullable Object value) {
    if (value instanceof Map<?, ?>) {
      return "a group of options";
    }
    if (value instanceof List<?> || value instanceof Object[]) {
      return "a list";
    }
    return value == null ? "nothing" : quote(value.toString());
  }
}
