package io.drasi.source.postgres;

import io.drasi.api.config.FlatOptions;
import io.drasi.api.config.Options;
import io.drasi.postgres.decoder.row.TableKeyConfig;
import io.drasi.postgres.decoder.row.TableOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The options of a source as a configuration of OSGi's Configuration Admin has them. */
final class ConfigurationForm {
  private ConfigurationForm() {}

  static Map<String, Object> of(Map<String, ?> options) {
    Map<String, Object> configuration = new LinkedHashMap<>();
    FlatOptions.of(options).forEach((key, value) -> add(configuration, key, value));
    return configuration;
  }

  private static void add(Map<String, Object> configuration, String key, Object value) {
    if (key.equals("password")) {
      configuration.put(".password", value);
    } else if (isOfTableKeys(key) && value instanceof List<?> keys) {
      configuration.put(key, flat(keys));
    } else {
      configuration.put(key, value instanceof List<?> list ? texts(list) : value);
    }
  }

  private static boolean isOfTableKeys(String key) {
    String name = key.substring(key.lastIndexOf('.') + 1);
    return name.replace("_", "").toLowerCase(Locale.ROOT).equals("tablekeys");
  }

  private static String[] flat(List<?> keys) {
    Options options = Options.of(Map.of("table_keys", keys));
    return TableOptions.tableKeys(options, "table_keys").stream()
        .map(TableKeyConfig::toString)
        .toArray(String[]::new);
  }

  private static String[] texts(List<?> list) {
    return list.stream().map(String::valueOf).toArray(String[]::new);
  }
}
