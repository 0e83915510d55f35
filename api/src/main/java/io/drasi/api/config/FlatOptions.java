package io.drasi.api.config;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Options without groups, for whoever stores only simple values by name, such as OSGi's
 * Configuration Admin: {@code bootstrap_provider.kind} stands for the option {@code kind} of the
 * group {@code bootstrap_provider}. {@link Options#group} reads both forms.
 */
public final class FlatOptions {
  private FlatOptions() {}

  /** The options, with those of each group under the group's name and a dot; none that is null. */
  public static Map<String, Object> of(Map<String, ?> options) {
    Map<String, Object> flat = new LinkedHashMap<>();
    options.forEach((key, value) -> add(flat, key, value));
    return flat;
  }

  private static void add(Map<String, Object> flat, String key, @Nullable Object value) {
    if (value instanceof Map<?, ?> group) {
      group.forEach((name, option) -> add(flat, key + "." + name, option));
    } else if (value != null) {
      flat.put(key, value);
    }
  }
}
