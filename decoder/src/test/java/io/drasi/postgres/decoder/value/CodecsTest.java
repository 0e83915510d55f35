package io.drasi.postgres.decoder.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.decoder.value.TypeDescription.Column;
import io.drasi.postgres.decoder.value.TypeDescription.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CodecsTest {
  private static final int VECTOR = 20_000;
  private static final int VECTORS = 20_001;
  private static final int PLACE = 20_002;
  private static final int RANGE = 20_003;

  /** Gives its name, whatever it decodes. */
  private record Named(String typeName, boolean knowsBinary) implements ValueCodec {
    @Override
    public ValueDecoder text() {
      return (array, from, to) -> new ElementValue.Text(typeName);
    }

    @Override
    public Optional<ValueDecoder> binary() {
      return knowsBinary ? Optional.of(text()) : Optional.empty();
    }
  }

  private static TypeCodecs types(ValueCodec... contributed) {
    return TypeCodecs.of(new Codecs(List.of(contributed)))
        .with(
            List.of(
                type(VECTOR, "vector", Kind.BASE, 0),
                type(VECTORS, "_vector", Kind.ARRAY, VECTOR),
                type(RANGE, "vectors", Kind.RANGE, VECTOR),
                new TypeDescription(
                    PLACE,
                    "geo",
                    "place",
                    Kind.COMPOSITE,
                    0,
                    ',',
                    List.of(new Column("at", VECTOR)))));
  }

  private static TypeDescription type(int oid, String name, Kind kind, int part) {
    return new TypeDescription(oid, "geo", name, kind, part, ',', List.of());
  }

  private static String decoded(Codec codec, String text) throws Exception {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return CanonicalText.of(codec.text().decode(bytes, 0, bytes.length));
  }

  @Test
  void aTypeThatNobodyKnowsIsText() throws Exception {
    assertThat(decoded(types().codec(VECTOR), "[1]")).isEqualTo("[1]");
    assertThat(types().codec(VECTOR).binary()).isEmpty();
    assertThat(types().codec(30_000).binary()).isEmpty();
  }

  @Test
  void aNameWithItsSchemaCountsBeforeOneWithout() throws Exception {
    var types = types(new Named("vector", true), new Named("geo.vector", true));
    assertThat(decoded(types.codec(VECTOR), "[1]")).isEqualTo("geo.vector");
    var other = types(new Named("vector", true), new Named("public.vector", true));
    assertThat(decoded(other.codec(VECTOR), "[1]")).isEqualTo("vector");
  }

  @Test
  void whatCannotBePrintedHasNoBinaryFormatWithinWhatMayHaveToBePrinted() {
    var types = types(new Named("vector", true));
    assertThat(types.codec(VECTOR).binary()).isPresent();
    assertThat(types.codec(PLACE).binary()).isPresent();
    assertThat(types.codec(VECTORS).binary()).isEmpty();
    assertThat(types.codec(RANGE).binary()).isEmpty();
    assertThat(types(new Named("vector", false)).codec(PLACE).binary()).isEmpty();
  }

  @Test
  void theTypesOfPostgresqlItselfCannotBeNamed() throws Exception {
    var types = types(new Named("int4", true), new Named("pg_catalog.int4", true));
    assertThat(decoded(types.codec(23), "7")).isEqualTo("7");
  }

  @Test
  void onlyACompositeTypeHasToBeAskedForAgain() {
    var types = types();
    assertThat(types.unknown(List.of(23, VECTOR, 30_000))).containsExactly(30_000);
    assertThat(types.unsure(List.of(23, VECTOR, VECTORS, PLACE, RANGE))).containsExactly(PLACE);
  }

  @Test
  void aTypeThatIsMadeOfItselfIsTextThere() throws Exception {
    var column = new Column("again", PLACE);
    var types =
        TypeCodecs.of(new Codecs(List.of()))
            .with(
                List.of(
                    new TypeDescription(
                        PLACE, "geo", "place", Kind.COMPOSITE, 0, ',', List.of(column))));
    assertThat(decoded(types.codec(PLACE), "(x)")).isEqualTo("{\"again\":\"x\"}");
  }

  @Test
  void aValueThatDoesNotFitItsTypeIsRefusedOrText() throws Exception {
    var types =
        TypeCodecs.of(new Codecs(List.of()))
            .with(
                List.of(
                    new TypeDescription(
                        PLACE,
                        "geo",
                        "place",
                        Kind.COMPOSITE,
                        0,
                        ',',
                        List.of(new Column("a", 25), new Column("b", 23)))));
    assertThat(decoded(types.codec(PLACE), "(x,1)")).isEqualTo("{\"a\":\"x\",\"b\":\"1\"}");
    for (String other : List.of("(x)", "(x,1,)", "()", "(x,y)", "(\"a,b\")")) {
      assertThatThrownBy(() -> decoded(types.codec(PLACE), other))
          .as(other)
          .isInstanceOf(OutdatedTypeException.class)
          .hasMessageContaining("type place");
      assertThat(decoded(types.lenient().codec(PLACE), other)).isEqualTo(other);
    }
    assertThat(types.codec(PLACE).binary()).isPresent();
    assertThat(types.lenient().codec(PLACE).binary()).isEmpty();
  }
}
