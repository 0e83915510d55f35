package io.drasi.api.change;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The names of an element's properties, in order, shared by all elements of one shape (for a table:
 * its columns). Immutable.
 */
public final class PropertyNames {
  private final List<String> names;
  private final Map<String, Integer> indexes;

  private PropertyNames(List<String> names, Map<String, Integer> indexes) {
    this.names = names;
    this.indexes = indexes;
  }

  /**
   * The names, in this order.
   *
   * @throws IllegalArgumentException when a name comes twice
   */
  public static PropertyNames of(List<String> names) {
    List<String> copy = List.copyOf(names);
    Map<String, Integer> indexes = new HashMap<>(copy.size() * 2);
    for (int i = 0; i < copy.size(); i++) {
      if (indexes.putIfAbsent(copy.get(i), i) != null) {
        throw new IllegalArgumentException("property named twice: " + copy.get(i));
      }
    }
    return new PropertyNames(copy, indexes);
  }

  /** How many names. */
  public int size() {
    return names.size();
  }

  /** The name at an index. */
  public String name(int index) {
    return names.get(index);
  }

  /** The index of a name, or -1. */
  public int indexOf(String name) {
    return indexes.getOrDefault(name, -1);
  }

  /** The names in order; immutable. */
  public List<String> asList() {
    return names;
  }

  @Override
  public String toString() {
    return names.toString();
  }
}
