package com.example.bootstrap.csv.internal;

import io.drasi.api.change.ElementValue;
import java.util.List;
import java.util.stream.Collectors;

/** Element ids, by the rules of a PostgreSQL source: two keys never share one. */
final class ElementIds {
  private static final String NULL = "\\N";

  private ElementIds() {}

  static String of(String label, List<ElementValue> key) {
    return label.replace(":", "\\:")
        + ':'
        + (key.size() == 1 ? single(key.get(0)) : composite(key));
  }

  private static String single(ElementValue part) {
    if (part instanceof ElementValue.Text text) {
      return text.value().startsWith("\\") ? '\\' + text.value() : text.value();
    }
    return NULL;
  }

  private static String composite(List<ElementValue> key) {
    return key.stream()
        .map(
            part ->
                part instanceof ElementValue.Text text
                    ? text.value().replace("\\", "\\\\").replace("_", "\\_")
                    : NULL)
        .collect(Collectors.joining("_"));
  }
}
