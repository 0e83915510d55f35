package io.drasi.source.postgres;

import io.drasi.api.config.Options;
import io.drasi.postgres.protocol.replication.SlotName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the options whose values have a form of their own. */
final class OptionReader {
  private OptionReader() {}

  static Optional<String> slotName(Options options, String key) {
    Optional<String> text = options.text(key);
    try {
      return text.map(name -> new SlotName(name).value());
    } catch (IllegalArgumentException e) {
      options.problem(key, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** A text that need not be there, but must not be blank if it is. */
  static Optional<String> text(Options options, String key) {
    Optional<String> text = options.text(key);
    if (text.isPresent() && text.get().isBlank()) {
      options.problem(key, "is empty; a text is needed");
      return Optional.empty();
    }
    return text;
  }

  /** A folder that is there and can be written to. */
  static Optional<Path> directory(Options options, String key) {
    Optional<Path> folder = text(options, key).map(Path::of);
    if (folder.isPresent() && !Files.isWritable(folder.get().resolve("."))) {
      options.problem(
          key, "\"%s\" is not allowed; allowed is a folder to write to".formatted(folder.get()));
      return Optional.empty();
    }
    return folder;
  }

  /** A group with a {@code kind}; what else is in it is for the provider's factory to read. */
  static Optional<BootstrapProviderConfig> bootstrapProvider(Options options, String key) {
    Optional<Map<String, Object>> group = options.group(key);
    if (group.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Object> own = new LinkedHashMap<>(group.get());
    if (own.remove("kind") instanceof String kind && !kind.isBlank()) {
      return Optional.of(new BootstrapProviderConfig(kind, own));
    }
    options.problem(
        key + ".kind", "is missing; it says which bootstrap provider, for example postgres");
    return Optional.empty();
  }
}
