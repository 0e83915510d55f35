package io.drasi.bootstrap.postgres.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Column;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Relation;
import io.drasi.postgres.decoder.pgoutput.ReplicaIdentity;
import io.drasi.postgres.decoder.row.ElementIdFormat;
import io.drasi.postgres.decoder.row.TableMapping;
import io.drasi.postgres.decoder.value.Codecs;
import io.drasi.postgres.decoder.value.TypeCodecs;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopyTextRowTest {
  private static final int TEXT = 25;

  private static CopyTextRow rowOf(int columns) {
    List<Column> texts =
        IntStream.range(0, columns).mapToObj(i -> new Column(false, "c" + i, TEXT, -1)).toList();
    var relation = new Relation(1, "public", "t", ReplicaIdentity.DEFAULT, texts);
    return new CopyTextRow(
        TableMapping.of(
            "s", ElementIdFormat.TABLE, relation, List.of(), TypeCodecs.of(new Codecs(List.of()))));
  }

  private static FieldReader content(String text) {
    byte[] bytes = ("before" + text + "after").getBytes(StandardCharsets.UTF_8);
    return new FieldReader(bytes, 6, bytes.length - 5);
  }

  private static ElementValue text(String value) {
    return new ElementValue.Text(value);
  }

  @Test
  void undoesEveryEscapeThatTheServerWrites() throws Exception {
    assertThat(rowOf(3).read(content("\\b\\f\\n\\r\\t\\v\\\\\tplain\tü\\\\\\\\N\n")))
        .containsExactly(text("\b\f\n\r\t\u000b\\"), text("plain"), text("ü\\\\N"));
  }

  @Test
  void tellsNullFromWhatLooksLikeIt() throws Exception {
    assertThat(rowOf(4).read(content("\\N\t\t\\\\N\tN\n")))
        .containsExactly(ElementValue.Null.NULL, text(""), text("\\N"), text("N"));
  }

  @Test
  void readsRowsOfATableWithoutColumns() throws Exception {
    assertThat(rowOf(0).read(content("\n"))).isEmpty();
  }

  @Test
  void readsOneRowAfterAnotherWhateverTheirLength() throws Exception {
    CopyTextRow row = rowOf(1);
    String large = "x".repeat(200_000);
    assertThat(row.read(content("\\\\" + large + "\n"))).containsExactly(text("\\" + large));
    assertThat(row.read(content("\\\\a\n"))).containsExactly(text("\\a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a\tb",
        "a\n",
        "a\tb\tc\n",
        "a\tb\t\n",
        "\n",
        "a\tb\n\n\t",
        "\\\tb\n",
        "a\t\\\n",
        "\\x41\tb\n",
        "\\.\tb\n",
        "\\Na\tb\n",
        "a\t\\101\n"
      })
  void rejectsMalformedRowsOfTwoColumns(String malformed) {
    assertThatThrownBy(() -> rowOf(2).read(content(malformed)))
        .isInstanceOf(ProtocolException.class)
        .hasMessageStartingWith("public.t: a row that COPY sent");
  }

  @Test
  void rejectsAValueInARowWithoutColumns() {
    assertThatThrownBy(() -> rowOf(0).read(content("a\n"))).isInstanceOf(ProtocolException.class);
  }
}
