package io.drasi.api.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

class PositionUnavailableExceptionTest {
  private final PositionUnavailableException exception =
      new PositionUnavailableException(new Place(7), new Place(9), "the log begins later");

  @Test
  void saysWhatWasWantedWhatThereIsAndWhatToDo() {
    assertThat(exception)
        .isInstanceOf(SourceException.class)
        .hasMessage(
            "cannot resume from place 7: the log begins later; the earliest position is place 9:"
                + " bootstrap again");
    assertThat(exception.requested()).isEqualTo(new Place(7));
    assertThat(exception.earliest()).isEqualTo(new Place(9));
  }

  @Test
  void isSerializableWithWhateverPosition() throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(exception);
    }

    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat((Throwable) in.readObject()).hasMessage(exception.getMessage());
    }
  }
}
