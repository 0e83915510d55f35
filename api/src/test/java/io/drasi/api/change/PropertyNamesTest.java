package io.drasi.api.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PropertyNamesTest {

  @Test
  void knowsNamesByIndexAndIndexesByName() {
    var names = PropertyNames.of(List.of("id", "Name"));

    assertThat(names.size()).isEqualTo(2);
    assertThat(names.name(1)).isEqualTo("Name");
    assertThat(names.indexOf("Name")).isEqualTo(1);
    assertThat(names.indexOf("name")).isEqualTo(-1);
    assertThat(names.asList()).containsExactly("id", "Name");
    assertThat(names).hasToString("[id, Name]");
  }

  @Test
  void refusesANameThatComesTwice() {
    assertThatThrownBy(() -> PropertyNames.of(List.of("a", "b", "a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("property named twice: a");
  }

  @Test
  void doesNotFollowItsArgument() {
    var list = new ArrayList<>(List.of("a"));
    var names = PropertyNames.of(list);

    list.add("b");

    assertThat(names.asList()).containsExactly("a");
    assertThatThrownBy(() -> names.asList().add("c"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void refusesAnIndexOutOfBounds() {
    var names = PropertyNames.of(List.of("a"));

    assertThatThrownBy(() -> names.name(1)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
