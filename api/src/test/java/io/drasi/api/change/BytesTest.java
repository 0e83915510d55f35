package io.drasi.api.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.change.ElementValue.Bytes;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BytesTest {

  @Test
  void sharesItsArrayWithNobody() {
    byte[] given = {1, 2, 3};
    var bytes = Bytes.copyOf(given);

    given[0] = 9;
    bytes.toArray()[1] = 9;

    assertThat(bytes.toArray()).containsExactly(1, 2, 3);
    assertThat(bytes.length()).isEqualTo(3);
  }

  @Test
  void copiesWhatRemainsOfABufferAndLeavesItWhereItIs() {
    var buffer = ByteBuffer.wrap(new byte[] {1, 2, 3, 4}).position(1).limit(3);

    var bytes = Bytes.copyOf(buffer);

    assertThat(bytes.toArray()).containsExactly(2, 3);
    assertThat(buffer.position()).isEqualTo(1);
    assertThat(Bytes.copyOf(buffer.asReadOnlyBuffer())).isEqualTo(bytes);
  }

  @Test
  void givesAReadOnlyView() {
    var view = Bytes.copyOf(new byte[] {1, 2}).asByteBuffer();

    assertThat(view.isReadOnly()).isTrue();
    assertThat(view.remaining()).isEqualTo(2);
  }

  @Test
  void equalsTheSameBytes() {
    var bytes = Bytes.copyOf(new byte[] {1, 2});

    assertThat(bytes)
        .isEqualTo(Bytes.copyOf(new byte[] {1, 2}))
        .hasSameHashCodeAs(Bytes.copyOf(new byte[] {1, 2}))
        .isNotEqualTo(Bytes.copyOf(new byte[] {1, 3}));
  }

  @Test
  void printsItsLengthAlone() {
    assertThat(Bytes.copyOf(new byte[] {65, 66})).hasToString("Bytes[2]");
  }
}
