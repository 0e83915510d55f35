package io.drasi.deployer.internal;

import io.drasi.api.config.ConfigurationException;
import io.drasi.api.config.Options;
import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SourceFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file that describes a source, or under {@code sources} a list of them:
 *
 * <pre>{@code
 * source_type: postgres
 * id: orders-db          # optional where it is alone
 * properties:
 *   host: db.example.com
 *   …
 * }</pre>
 */
public final class ConfigurationFile {
  private static final String SOURCES = "sources";
  private static final String PROPERTIES = "properties";

  private final SourceFactories factories;
  private final List<String> problems = new ArrayList<>();

  private ConfigurationFile(SourceFactories factories) {
    this.factories = factories;
  }

  /**
   * The sources that a file describes, at least one.
   *
   * @throws ConfigurationException with a line for every mistake, each beginning with the file
   */
  public static List<WantedSource> read(Path file, SourceFactories factories) {
    Map<String, Object> content = YamlFile.read(file);
    var reader = new ConfigurationFile(factories);
    List<WantedSource> sources = reader.sources(content);
    if (!reader.problems.isEmpty()) {
      throw new ConfigurationException(
          reader.problems.stream().map(problem -> file + ": " + problem).toList());
    }
    return sources;
  }

  private List<WantedSource> sources(Map<String, Object> content) {
    if (!content.containsKey(SOURCES)) {
      WantedSource only = source("", content, false);
      return only == null ? List.of() : List.of(only);
    }
    content.keySet().stream()
        .filter(key -> !key.equals(SOURCES))
        .forEach(key -> problems.add(key + ": does not belong beside " + SOURCES));
    if (!(content.get(SOURCES) instanceof List<?> items) || items.isEmpty()) {
      problems.add(SOURCES + ": a list of at least one source is needed");
      return List.of();
    }
    List<WantedSource> sources = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      source("%s[%d]".formatted(SOURCES, i), items.get(i)).ifPresent(sources::add);
    }
    requireDifferentIds(sources);
    return sources;
  }

  private Optional<WantedSource> source(String place, Object item) {
    if (item instanceof Map<?, ?> group) {
      return Optional.ofNullable(source(place + ".", named(group), true));
    }
    problems.add(place + ": a group of options is needed, such as \"source_type: postgres\"");
    return Optional.empty();
  }

  private void requireDifferentIds(List<WantedSource> sources) {
    sources.stream()
        .map(WantedSource::id)
        .filter(id -> sources.stream().filter(source -> source.id().equals(id)).count() > 1)
        .distinct()
        .forEach(id -> problems.add("%s: the id \"%s\" comes twice".formatted(SOURCES, id)));
  }

  private @Nullable WantedSource source(
      String place, Map<String, Object> content, boolean needsId) {
    Map<String, Object> properties =
        content.get(PROPERTIES) instanceof Map<?, ?> group ? named(group) : Map.of();
    Options top = Options.of(withoutProperties(content));
    Optional<SourceFactories.Entry> entry =
        top.requiredText("source_type").flatMap(kind -> find(top, kind));
    Optional<String> id = needsId ? top.requiredText("id") : top.text("id");
    top.section(PROPERTIES);
    try {
      top.finish();
    } catch (ConfigurationException e) {
      e.problems().forEach(problem -> problems.add(place + problem));
    }
    return entry.map(found -> source(place, found, id, properties)).orElse(null);
  }

  private @Nullable WantedSource source(
      String place,
      SourceFactories.Entry entry,
      Optional<String> id,
      Map<String, Object> properties) {
    SourceFactory factory = entry.factory();
    if (properties.containsKey("id")) {
      problems.add(place + PROPERTIES + ".id: does not belong here; id stands beside source_type");
    }
    Map<String, Object> options = new LinkedHashMap<>(properties);
    options.put("id", id.orElse(factory.kind() + "-source"));
    try (ManagedSource source = factory.create(options)) {
      if (!source.autoStart()) {
        problems.add(
            place + PROPERTIES + ".auto_start: false is not allowed here; to run is to start");
      }
      return new WantedSource(factory, entry.pid(), options, source.canBootstrap());
    } catch (ConfigurationException e) {
      e.problems()
          .forEach(p -> problems.add(place + (p.startsWith("id:") ? p : PROPERTIES + "." + p)));
      return null;
    } catch (SourceException e) { // such as a file of the source that cannot be read
      problems.add(place + PROPERTIES + ": " + e.getMessage());
      return null;
    }
  }

  private Optional<SourceFactories.Entry> find(Options top, String kind) {
    Optional<SourceFactories.Entry> found = factories.ofKind(kind);
    if (found.isEmpty()) {
      List<String> kinds = factories.kinds();
      top.problem(
          "source_type",
          "\"%s\" is not allowed; allowed is what is installed: %s"
              .formatted(kind, kinds.isEmpty() ? "nothing" : String.join(", ", kinds)));
    }
    return found;
  }

  private static Map<String, Object> named(Map<?, ?> group) {
    Map<String, Object> named = new LinkedHashMap<>();
    group.forEach(
        (key, value) -> {
          if (value != null) {
            named.put(String.valueOf(key), Objects.requireNonNull(value));
          }
        });
    return named;
  }

  /** What is in the properties is for the factory to judge: here they are an empty group. */
  private static Map<String, Object> withoutProperties(Map<String, Object> content) {
    Map<String, Object> top = new LinkedHashMap<>(content);
    top.computeIfPresent(PROPERTIES, (key, value) -> value instanceof Map<?, ?> ? Map.of() : value);
    return top;
  }
}
