package io.drasi.api.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What Declarative Services gives a component: its options, and more. */
final class ComponentProperties {
  /** With this before its key a property is shown on no service. */
  static final String PRIVATE = ".";

  /** Of the framework, Declarative Services, Configuration Admin and what writes to it. */
  private static final List<String> FOREIGN = List.of("service.", "component.", "osgi.", "felix.");

  private ComponentProperties() {}

  /** Those that are the component's own. */
  static Map<String, ?> withoutForeign(Map<String, ?> properties) {
    Map<String, Object> own = new LinkedHashMap<>();
    properties.forEach(
        (key, value) -> {
          if (FOREIGN.stream().noneMatch(key::startsWith) && !key.endsWith(".target")) {
            own.put(key, value);
          }
        });
    return own;
  }
}
