package io.drasi.source.postgres.internal.osgi;

import io.drasi.api.config.ConfigurationException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The options among a component's properties. */
final class ComponentProperties {
  /** Of the framework, Declarative Services, Configuration Admin and what writes to it. */
  private static final List<String> FOREIGN = List.of("service.", "component.", "osgi.", "felix.");

  /** Private, by Declarative Services: it shows on no service. */
  private static final String PASSWORD = ".password";

  private ComponentProperties() {}

  /**
   * Reads them.
   *
   * @throws ConfigurationException when the password is given where everybody sees it
   */
  static Map<String, Object> options(Map<String, ?> properties) {
    if (properties.containsKey("password")) {
      throw new ConfigurationException(
          List.of("password: is not allowed here, since every bundle may see it; use .password"));
    }
    Map<String, Object> options = new LinkedHashMap<>();
    properties.forEach(
        (key, value) -> {
          if (key.equals(PASSWORD)) {
            options.put("password", value);
          } else if (FOREIGN.stream().noneMatch(key::startsWith) && !key.endsWith(".target")) {
            options.put(key, value);
          }
        });
    return options;
  }
}
