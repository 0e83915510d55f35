package io.drasi.api.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Options for whoever stores only simple values and lists of them by name. {@code a.b} stands for
 * the option {@code b} of the group {@code a}, and {@code c[0].d} for the option {@code d} of the
 * group that is the first item of the list {@code c}.
 */
final class FlatOptions {
  private static final Pattern ITEM = Pattern.compile("([^\\[]+)\\[(\\d{1,9})](?:\\.(.+))?");

  private FlatOptions() {}

  /** The flat form; what is null is left out. */
  static Map<String, Object> of(Map<String, ?> options) {
    Map<String, Object> flat = new LinkedHashMap<>();
    options.forEach((key, value) -> add(flat, key, value));
    return flat;
  }

  private static void add(Map<String, Object> flat, String key, @Nullable Object value) {
    if (value instanceof Map<?, ?> group) {
      group.forEach((name, option) -> add(flat, key + "." + name, option));
    } else if (value instanceof List<?> items && items.stream().anyMatch(Map.class::isInstance)) {
      for (int i = 0; i < items.size(); i++) {
        add(flat, "%s[%d]".formatted(key, i), items.get(i));
      }
    } else if (value instanceof List<?> items) {
      flat.put(key, items.stream().map(String::valueOf).toArray(String[]::new));
    } else if (value != null) {
      flat.put(key, value);
    }
  }

  /** The options with their lists of groups put together again; groups stay flat. */
  static Map<String, @Nullable Object> withLists(Map<String, @Nullable Object> flat) {
    Map<String, @Nullable Object> options = new LinkedHashMap<>();
    Map<String, Map<Integer, Map<String, @Nullable Object>>> lists = new LinkedHashMap<>();
    flat.forEach(
        (key, value) -> {
          Matcher item = ITEM.matcher(key);
          if (item.matches()) {
            lists
                .computeIfAbsent(item.group(1), list -> new TreeMap<>())
                .computeIfAbsent(Integer.valueOf(item.group(2)), index -> new LinkedHashMap<>())
                .put(item.group(3) == null ? "" : item.group(3), value);
          } else {
            options.put(key, value);
          }
        });
    lists.forEach((key, items) -> options.put(key, listOf(items.values())));
    return options;
  }

  private static List<@Nullable Object> listOf(Iterable<Map<String, @Nullable Object>> items) {
    List<@Nullable Object> list = new ArrayList<>();
    for (Map<String, @Nullable Object> item : items) {
      list.add(item.containsKey("") ? item.get("") : withLists(item));
    }
    return list;
  }
}
