package io.drasi.bench.jmh;

import io.drasi.postgres.decoder.pgoutput.PgOutputDecoder;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Relation;
import io.drasi.postgres.decoder.row.ElementIdFormat;
import io.drasi.postgres.decoder.row.RelationCache;
import io.drasi.postgres.decoder.row.TableMapping;
import io.drasi.postgres.decoder.value.Codecs;
import io.drasi.postgres.decoder.value.TypeCodecs;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * A transaction of ten rows of ten columns, as a server has sent it; see {@code AllocationTest}.
 */
final class TenColumns {
  static final int ROWS = 10;

  private final byte[] relation;
  private final List<byte[]> inserts;

  private TenColumns(byte[] relation, List<byte[]> inserts) {
    this.relation = relation;
    this.inserts = inserts;
  }

  List<byte[]> inserts() {
    return inserts;
  }

  /** Values as {@code text} or {@code binary}. */
  static TenColumns of(String format) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            TenColumns.class.getResourceAsStream("ten-columns-" + format + ".txt"))) {
      List<byte[]> messages =
          new String(in.readAllBytes(), StandardCharsets.US_ASCII)
              .lines()
              .map(HexFormat.of()::parseHex)
              .toList();
      return new TenColumns(messages.get(1), messages.subList(2, 2 + ROWS));
    }
  }

  Relation description() throws ProtocolException {
    return (Relation) new PgOutputDecoder().decode(new FieldReader(relation));
  }

  RelationCache known() throws ProtocolException {
    return RelationCache.empty()
        .with(
            TableMapping.of(
                "bench",
                ElementIdFormat.TABLE,
                description(),
                List.of(0),
                TypeCodecs.of(new Codecs(List.of()))));
  }
}
