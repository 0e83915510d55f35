package io.drasi.postgres.decoder.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.decoder.Recording;
import io.drasi.postgres.protocol.QueryResult;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Values that a server gave in both formats: {@code formats.sql} tells how. */
class FormatsTest {
  private static final TypeCodecs TYPES = types();

  private record Sample(int typeOid, String type, String hex, String text) {
    static Sample of(String line) {
      String[] fields = line.split("\t", -1);
      String text = fields[3].replace("\\t", "\t").replace("\\\\", "\\");
      return new Sample(Integer.parseInt(fields[0]), fields[1], fields[2], text);
    }

    byte[] binary() {
      return HexFormat.of().parseHex(hex);
    }

    ElementValue decodedText() throws ProtocolException {
      byte[] bytes = (" " + text + " ").getBytes(StandardCharsets.UTF_8);
      return TYPES.codec(typeOid).text().decode(bytes, 1, bytes.length - 1);
    }

    BinaryDecoder decoder() {
      return Objects.requireNonNull(TYPES.codec(typeOid).printable(), type);
    }
  }

  /** The types of the recording that are not built in. */
  static TypeCodecs types() {
    List<String> columns =
        List.of("oid", "nspname", "typname", "kind", "part", "typdelim", "attname", "atttypid");
    List<List<@Nullable String>> rows = new ArrayList<>();
    for (String line : Recording.lines("formats-types.txt")) {
      List<@Nullable String> row = new ArrayList<>();
      for (String field : line.split("\t", -1)) {
        row.add(field.equals("\\N") ? null : field);
      }
      rows.add(row);
    }
    try {
      return TypeCodecs.of(new Codecs(List.of()))
          .with(TypeDescriptions.read(new QueryResult(columns, rows, "SELECT")));
    } catch (ProtocolException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theBinaryFormatGivesWhatTheTextFormatGives() throws Exception {
    for (Sample sample : samples()) {
      byte[] framed = new byte[sample.binary().length + 2];
      System.arraycopy(sample.binary(), 0, framed, 1, sample.binary().length);
      assertThat(sample.decoder().decode(framed, 1, framed.length - 1))
          .as("%s %s", sample.type(), sample.text())
          .isEqualTo(sample.decodedText());
    }
  }

  @Test
  void theBinaryFormatIsPrintedAsTheServerDoes() throws Exception {
    for (Sample sample : samples()) {
      StringBuilder out = new StringBuilder("before ");
      sample.decoder().print(sample.binary(), 0, sample.binary().length, out);
      assertThat(sample.type() + out).isEqualTo(sample.type() + "before " + sample.text());
    }
  }

  @Test
  void bytesThatAreCutOffAreRefusedOrAnotherValue() {
    for (Sample sample : samples()) {
      for (int length = 0; length < sample.binary().length; length++) {
        decodes(sample.decoder(), Arrays.copyOf(sample.binary(), length));
      }
      decodes(sample.decoder(), Arrays.copyOf(sample.binary(), sample.binary().length + 1));
      byte[] text = sample.text().getBytes(StandardCharsets.UTF_8);
      for (int length = 0; length < text.length; length++) {
        decodes(TYPES.codec(sample.typeOid()).text(), Arrays.copyOf(text, length));
      }
    }
  }

  @Test
  void bytesThatAreChangedAreRefusedOrAnotherValue() {
    for (Sample sample : samples()) {
      for (int i = 0; i < sample.binary().length; i++) {
        for (int change : new int[] {0x01, 0xFF}) {
          byte[] changed = sample.binary().clone();
          changed[i] ^= (byte) change;
          decodes(sample.decoder(), changed);
        }
      }
    }
  }

  /** Throws nothing else than it may. */
  private static void decodes(ValueDecoder decoder, byte[] bytes) {
    try {
      assertThat(decoder.decode(bytes, 0, bytes.length)).isNotNull();
    } catch (ProtocolException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }

  private static List<Sample> samples() {
    List<Sample> samples = Recording.lines("formats.txt").stream().map(Sample::of).toList();
    assertThat(samples).hasSizeGreaterThan(300);
    return samples;
  }
}
