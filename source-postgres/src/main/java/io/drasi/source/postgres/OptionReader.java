package io.drasi.source.postgres;

import io.drasi.api.config.Options;
import io.drasi.postgres.protocol.replication.SlotName;
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
}
