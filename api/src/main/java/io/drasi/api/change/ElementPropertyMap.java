package io.drasi.api.change;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * An element's values by name: ordered, immutable.
 *
 * <p>A property that is absent was not sent by the source (PostgreSQL does not repeat an unchanged
 * value that is stored out of line); a property that is {@link ElementValue.Null} is SQL NULL. The
 * names are shared between all elements of one shape, so a map costs one array.
 */
@ProviderType
public final class ElementPropertyMap extends AbstractMap<String, ElementValue> {
  private static final ElementPropertyMap EMPTY =
      new ElementPropertyMap(PropertyNames.of(List.of()), new ElementValue[0]);

  private final PropertyNames names;
  private final @Nullable ElementValue[] values;
  private final int size;

  private ElementPropertyMap(PropertyNames names, @Nullable ElementValue[] values) {
    this.names = names;
    this.values = values;
    int present = 0;
    for (ElementValue value : values) {
      if (value != null) {
        present++;
      }
    }
    this.size = present;
  }

  /** A map without properties. */
  public static ElementPropertyMap empty() {
    return EMPTY;
  }

  /**
   * A map over shared names. The array is taken over, not copied: the caller must not touch it
   * again.
   *
   * @param names the names, shared
   * @param values a value for each name; null where the property is absent
   * @throws IllegalArgumentException when there are not as many values as names
   */
  public static ElementPropertyMap of(PropertyNames names, @Nullable ElementValue[] values) {
    if (names.size() != values.length) {
      throw new IllegalArgumentException(
          "%d names but %d values".formatted(names.size(), values.length));
    }
    return new ElementPropertyMap(names, values);
  }

  /** A map with a copy of the entries, in the iteration order of the argument. */
  public static ElementPropertyMap copyOf(Map<String, ElementValue> properties) {
    return new ElementPropertyMap(
        PropertyNames.of(List.copyOf(properties.keySet())),
        properties.values().toArray(ElementValue[]::new));
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public boolean containsKey(@Nullable Object name) {
    return get(name) != null;
  }

  /** The value of a property, or null where it is absent. */
  @Override
  public @Nullable ElementValue get(@Nullable Object name) {
    int index = name instanceof String string ? names.indexOf(string) : -1;
    return index < 0 ? null : values[index];
  }

  @Override
  public Set<Entry<String, ElementValue>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return size;
      }

      @Override
      public Iterator<Entry<String, ElementValue>> iterator() {
        return new PresentEntries();
      }
    };
  }

  private final class PresentEntries implements Iterator<Entry<String, ElementValue>> {
    private int next;

    @Override
    public boolean hasNext() {
      while (next < values.length && values[next] == null) {
        next++;
      }
      return next < values.length;
    }

    @Override
    public Entry<String, ElementValue> next() {
      ElementValue value = hasNext() ? values[next] : null;
      if (value == null) {
        throw new NoSuchElementException();
      }
      return Map.entry(names.name(next++), value);
    }
  }
}
