package io.drasi.bootstrap.postgres.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.change.Element;
import io.drasi.api.change.ElementMetadata;
import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {
  private static final Element ELEMENT =
      new Element.Node(
          ElementMetadata.of(new ElementReference("s", "t:1"), List.of("t"), Instant.EPOCH),
          ElementPropertyMap.empty());

  private final List<Integer> sizes = new ArrayList<>();
  private final Batch batch = new Batch(3, elements -> sizes.add(elements.size()));

  private void add(int count, int lengthBytes) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      batch.add(ELEMENT, lengthBytes);
    }
  }

  @Test
  void isHandedOverWhenItHasItsElements() throws Exception {
    add(7, 10);
    assertThat(sizes).containsExactly(3, 3);
    batch.flush();
    batch.flush();
    assertThat(sizes).containsExactly(3, 3, 1);
  }

  @Test
  void isHandedOverWhenItsRowsAreLarge() throws Exception {
    add(2, 600_000);
    add(1, 10_000_000);
    add(2, 10);
    assertThat(sizes).containsExactly(2, 1);
  }
}
