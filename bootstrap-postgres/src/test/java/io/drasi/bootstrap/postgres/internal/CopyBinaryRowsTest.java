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
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopyBinaryRowsTest {
  private static final String HEADER = "5047434F50590AFF0D0A00 00000000 00000000 ";
  private static final String ROW = "0002 00000004 00000007 00000001 61 ";
  private static final String ROW_WITH_NULL = "0002 00000004 FFFFFFFF FFFFFFFF ";
  private static final String TRAILER = "FFFF";

  private final CopyRows rows = rows();

  /** Of a table with a number and a text. */
  private static CopyRows rows() {
    var columns = List.of(new Column(false, "n", 23, -1), new Column(false, "t", 25, -1));
    var relation = new Relation(1, "public", "t", ReplicaIdentity.DEFAULT, columns);
    return CopyFormat.BINARY.rowsOf(
        TableMapping.of(
            "s", ElementIdFormat.TABLE, relation, List.of(), TypeCodecs.of(new Codecs(List.of()))));
  }

  private static FieldReader content(String hex) {
    return new FieldReader(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  @Test
  void readsRowsAfterTheHeaderAndUpToTheTrailer() throws Exception {
    FieldReader first = content(HEADER + ROW);
    assertThat(rows.read(first))
        .containsExactly(new ElementValue.Integer(7), new ElementValue.Text("a"));
    assertThat(first.remaining()).isZero();
    assertThat(rows.read(content(ROW_WITH_NULL)))
        .containsExactly(new ElementValue.Integer(-1), ElementValue.Null.NULL);
    assertThat(rows.read(content(TRAILER))).isNull();
    rows.finish();
  }

  @Test
  void readsACopyInOneMessage() throws Exception {
    FieldReader all = content(HEADER + ROW + ROW_WITH_NULL + TRAILER);
    assertThat(rows.read(all)).hasSize(2);
    assertThat(rows.read(all)).hasSize(2);
    assertThat(rows.read(all)).isNull();
    rows.finish();
  }

  @Test
  void readsAnEmptyTable() throws Exception {
    assertThat(rows.read(content(HEADER))).isNull();
    assertThat(rows.read(content(TRAILER))).isNull();
    rows.finish();
  }

  @Test
  void missesTheTrailer() throws Exception {
    assertThat(rows.read(content(HEADER + ROW))).isNotNull();
    assertThatThrownBy(rows::finish)
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("trailer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00",
        "5047434F50590AFF0D0A0100000000 00000000",
        "5047434F50590AFF0D0A0000010000 00000000",
        "5047434F50590AFF0D0A0000000000 00000001",
        HEADER + "0001 FFFFFFFF",
        HEADER + "0003 FFFFFFFF FFFFFFFF FFFFFFFF",
        HEADER + "FFFE",
        HEADER + "0002 00000003 000007 00000001 61",
        HEADER + "0002 FFFFFFFE",
        HEADER + TRAILER + "00"
      })
  void refusesWhatIsNoCopyOfTwoColumns(String hex) {
    assertThatThrownBy(() -> rows.read(content(hex))).isInstanceOf(ProtocolException.class);
  }

  @Test
  void refusesARowAfterTheTrailerAndOneThatIsCut() throws Exception {
    assertThat(rows.read(content(HEADER + TRAILER))).isNull();
    assertThatThrownBy(() -> rows.read(content(ROW))).isInstanceOf(ProtocolException.class);
    byte[] whole = HexFormat.of().parseHex((HEADER + ROW).replace(" ", ""));
    for (int length = 1; length < whole.length; length++) {
      if (length != 19) { // the header alone is well-formed
        byte[] cut = Arrays.copyOf(whole, length);
        assertThatThrownBy(() -> rows().read(new FieldReader(cut)))
            .as("%d bytes", cut.length)
            .isInstanceOf(ProtocolException.class);
      }
    }
  }
}
