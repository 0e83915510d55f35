package io.drasi.api.config;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Declarative Services gives a component: its options, and more. */
final class ComponentProperties {
  /** With this before its key a property is shown on no service. */
  static final String PRIVATE = ".";

  /** Of the framework, Declarative Services, Configuration Admin and what writes to it. */
  private static final List<String> FOREIGN = List.of("service.", "component.", "osgi.", "felix.");

  private ComponentProperties() {}

  /** Those that are the component's own; null where a form has an empty field. */
  static Map<String, @Nullable Object> options(Map<String, ?> properties) {
    Map<String, @Nullable Object> own = new LinkedHashMap<>();
    properties.forEach(
        (key, value) -> {
          if (!isForeign(key)) {
            own.put(key, given(value));
          }
        });
    return own;
  }

  private static boolean isForeign(String key) {
    return FOREIGN.stream().anyMatch(key::startsWith) || key.endsWith(".target");
  }

  private static @Nullable Object given(Object value) {
    if (value instanceof String[] texts) {
      return Arrays.stream(texts).filter(text -> !text.isEmpty()).toList();
    }
    return "".equals(value) ? null : value;
  }
}
