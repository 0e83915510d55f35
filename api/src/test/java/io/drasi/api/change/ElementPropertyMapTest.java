package io.drasi.api.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ElementPropertyMapTest {
  private static final PropertyNames NAMES = PropertyNames.of(List.of("id", "bio", "name"));
  private static final ElementValue ONE = new ElementValue.Integer(1);
  private static final ElementValue NULL = ElementValue.Null.NULL;

  @Test
  void givesValuesByNameInTheOrderOfTheNames() {
    var map = map(ONE, new ElementValue.Text("b"), NULL);

    assertThat(map.keySet()).containsExactly("id", "bio", "name");
    assertThat(map.values()).containsExactly(ONE, new ElementValue.Text("b"), NULL);
    assertThat(map).hasSize(3).containsEntry("id", ONE).containsEntry("name", NULL);
  }

  @Test
  void tellsAbsentFromNull() {
    var map = map(ONE, null, NULL);

    assertThat(map).hasSize(2).doesNotContainKey("bio").containsKey("name");
    assertThat(map.get("bio")).isNull();
    assertThat(map.get("name")).isEqualTo(NULL);
    assertThat(map.keySet()).containsExactly("id", "name");
    assertThat(map.getOrDefault("bio", ONE)).isEqualTo(ONE);
  }

  @Test
  void skipsAbsentPropertiesAtBothEnds() {
    assertThat(map(null, ONE, null).keySet()).containsExactly("bio");
    assertThat(map(null, null, null)).isEmpty();
  }

  @Test
  void knowsNoOtherNames() {
    var map = map(ONE, ONE, ONE);

    assertThat(map.get("ID")).isNull();
    assertThat(map.get(null)).isNull();
    assertThat(map.containsKey(null)).isFalse();
  }

  @Test
  void cannotBeChanged() {
    var map = map(ONE, ONE, ONE);
    var iterator = map.entrySet().iterator();
    var entry = iterator.next();

    assertThatThrownBy(() -> map.put("id", ONE)).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> map.remove("id")).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(map::clear).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(iterator::remove).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> entry.setValue(NULL))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(map).hasSize(3).containsEntry("id", ONE);
  }

  @Test
  void endsItsIterationAsIteratorsDo() {
    var iterator = map(ONE, null, null).entrySet().iterator();
    iterator.next();

    assertThat(iterator.hasNext()).isFalse();
    assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void equalsEveryMapWithTheSameEntries() {
    var map = map(ONE, null, NULL);
    var other = new HashMap<String, ElementValue>(Map.of("name", NULL, "id", ONE));

    assertThat(map).isEqualTo(other).hasSameHashCodeAs(other);
    assertThat(other).isEqualTo(map);
    assertThat(map).isNotEqualTo(map(ONE, NULL, NULL));
  }

  @Test
  void copiesAMapInItsOrder() {
    var properties = new LinkedHashMap<String, ElementValue>();
    properties.put("z", ONE);
    properties.put("a", NULL);

    var map = ElementPropertyMap.copyOf(properties);
    properties.clear();

    assertThat(map.keySet()).containsExactly("z", "a");
    assertThat(ElementPropertyMap.copyOf(map(null, ONE, null))).isEqualTo(Map.of("bio", ONE));
    assertThat(ElementPropertyMap.copyOf(Map.of())).isEqualTo(ElementPropertyMap.empty()).isEmpty();
  }

  @Test
  void refusesAnotherNumberOfValuesThanNames() {
    assertThatThrownBy(() -> ElementPropertyMap.of(NAMES, new ElementValue[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 names but 2 values");
  }

  private static ElementPropertyMap map(@Nullable ElementValue... values) {
    return ElementPropertyMap.of(NAMES, values);
  }
}
