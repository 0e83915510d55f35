package io.drasi.host;

import io.drasi.api.config.ConfigurationException;
import io.drasi.api.config.Options;
import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file that describes one source:
 *
 * <pre>{@code
 * source_type: postgres
 * id: orders-db          # optional
 * properties:
 *   host: db.example.com
 *   …
 * }</pre>
 */
final class ConfigurationFile {
  private static final String PROPERTIES = "properties";

  private final Path file;
  private final SourceFactories factories;
  private final List<String> problems = new ArrayList<>();

  private ConfigurationFile(Path file, SourceFactories factories) {
    this.file = file;
    this.factories = factories;
  }

  /**
   * Makes the source that a file describes.
   *
   * @throws ConfigurationException with a line for every mistake, each beginning with the file
   */
  static ManagedSource createSource(Path file, SourceFactories factories) {
    return new ConfigurationFile(file, factories).create(YamlFile.read(file));
  }

  private ManagedSource create(Map<String, Object> content) {
    Map<String, Object> properties = propertiesIn(content);
    Options top = Options.of(withoutProperties(content));
    Optional<SourceFactory> factory = top.requiredText("source_type").flatMap(k -> find(top, k));
    Optional<String> id = top.text("id");
    top.section(PROPERTIES);
    try {
      top.finish();
    } catch (ConfigurationException e) {
      problems.addAll(e.problems());
    }
    ManagedSource source = factory.map(f -> create(f, id, properties)).orElse(null);
    if (source != null && !source.autoStart()) {
      problems.add(PROPERTIES + ".auto_start: false is not allowed here; to run is to start");
    }
    if (source == null || !problems.isEmpty()) {
      throw new ConfigurationException(
          problems.stream().map(problem -> file + ": " + problem).toList());
    }
    return source;
  }

  private @Nullable ManagedSource create(
      SourceFactory factory, Optional<String> id, Map<String, Object> properties) {
    if (properties.containsKey("id")) {
      problems.add(PROPERTIES + ".id: does not belong here; id stands beside source_type");
    }
    Map<String, Object> options = new LinkedHashMap<>(properties);
    options.put("id", id.orElse(factory.kind() + "-source"));
    try {
      return factory.create(options);
    } catch (ConfigurationException e) {
      e.problems().forEach(p -> problems.add(p.startsWith("id:") ? p : PROPERTIES + "." + p));
      return null;
    }
  }

  private Optional<SourceFactory> find(Options top, String kind) {
    Optional<SourceFactory> factory = factories.ofKind(kind);
    if (factory.isEmpty()) {
      top.problem(
          "source_type",
          "\"%s\" is not allowed; allowed is %s"
              .formatted(kind, String.join(", ", factories.kinds())));
    }
    return factory;
  }

  private static Map<String, Object> propertiesIn(Map<String, Object> content) {
    Map<String, Object> properties = new LinkedHashMap<>();
    if (content.get(PROPERTIES) instanceof Map<?, ?> group) {
      group.forEach((key, value) -> properties.put(String.valueOf(key), value));
    }
    return properties;
  }

  /** What is in the properties is for the factory to judge: here they are an empty group. */
  private static Map<String, Object> withoutProperties(Map<String, Object> content) {
    Map<String, Object> top = new LinkedHashMap<>(content);
    top.computeIfPresent(PROPERTIES, (key, value) -> value instanceof Map<?, ?> ? Map.of() : value);
    return top;
  }
}
