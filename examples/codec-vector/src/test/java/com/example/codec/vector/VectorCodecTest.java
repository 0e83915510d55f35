package com.example.codec.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.decoder.value.Codecs;
import io.drasi.postgres.decoder.value.TypeCodecs;
import io.drasi.postgres.decoder.value.TypeDescription;
import io.drasi.postgres.decoder.value.ValueDecoder;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorCodecTest {
  private static final int VECTOR = 16400;
  private static final int VECTORS = 16401;
  private static final ElementValue EXPECTED =
      new ElementValue.List(
          List.of(
              new ElementValue.Float(1), new ElementValue.Float(-2.5), new ElementValue.Float(1e10f)));

  /** The codecs as a source finds them, of a database with pgvector. */
  private static TypeCodecs types() {
    var vector =
        new TypeDescription(
            VECTOR, "public", "vector", TypeDescription.Kind.BASE, 0, ',', List.of());
    var vectors =
        new TypeDescription(
            VECTORS, "public", "_vector", TypeDescription.Kind.ARRAY, VECTOR, ',', List.of());
    return TypeCodecs.of(Codecs.create()).with(List.of(vector, vectors));
  }

  private static ElementValue decode(ValueDecoder decoder, byte[] bytes) throws ProtocolException {
    return decoder.decode(bytes, 0, bytes.length);
  }

  private static ElementValue decode(int typeOid, String text) throws ProtocolException {
    return decode(types().codec(typeOid).text(), text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void isFoundAndDecodesEitherFormat() throws Exception {
    byte[] binary = HexFormat.of().parseHex("00030000" + "3f800000" + "c0200000" + "501502f9");
    assertThat(decode(VECTOR, "[1,-2.5,1e+10]")).isEqualTo(EXPECTED);
    assertThat(decode(types().codec(VECTOR).binary().orElseThrow(), binary)).isEqualTo(EXPECTED);
  }

  @Test
  void countsForArraysToo() throws Exception {
    assertThat(decode(VECTORS, "{\"[1,-2.5,1e+10]\",NULL}"))
        .isEqualTo(new ElementValue.List(List.of(EXPECTED, ElementValue.Null.NULL)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[", "[]", "[1", "1,2", "[1,]", "[1;2]", "[x]"})
  void refusesWhatIsNoVector(String text) {
    assertThatThrownBy(() -> decode(VECTOR, text))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("type vector");
  }
}
