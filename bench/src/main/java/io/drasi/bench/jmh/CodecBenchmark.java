package io.drasi.bench.jmh;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.decoder.pgoutput.PgOutputDecoder;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Insert;
import io.drasi.postgres.decoder.pgoutput.Tuple;
import io.drasi.postgres.decoder.value.Codec;
import io.drasi.postgres.decoder.value.Codecs;
import io.drasi.postgres.decoder.value.TypeCodecs;
import io.drasi.postgres.decoder.value.ValueDecoder;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.io.IOException;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One value, by its type: those of the ten columns. */
@State(Scope.Thread)
public class CodecBenchmark {
  /** What the value is sent as. */
  @Param({"text", "binary"})
  public String format = "text";

  /** The column: bigint, int, numeric, double precision, boolean, varchar, text, and so on. */
  @Param({"id", "account", "price", "rate", "active", "code", "note", "created", "token"})
  public String column = "id";

  private ValueDecoder decoder = (array, from, to) -> ElementValue.Null.NULL;
  private byte[] bytes = {};
  private int from;
  private int to;

  /** Finds the value. */
  @Setup
  public void find() throws IOException {
    TenColumns columns = TenColumns.of(format);
    int index =
        columns.description().columns().stream().map(one -> one.name()).toList().indexOf(column);
    var insert = (Insert) new PgOutputDecoder().decode(new FieldReader(columns.inserts().get(0)));
    Tuple row = insert.row();
    Codec codec =
        TypeCodecs.of(new Codecs(List.of()))
            .codec(columns.description().columns().get(index).typeOid());
    decoder = row.kind(index) == Tuple.BINARY ? codec.binary().orElseThrow() : codec.text();
    bytes = row.array();
    from = row.from(index);
    to = row.to(index);
  }

  /** One value. */
  @Benchmark
  public ElementValue value() throws ProtocolException {
    return decoder.decode(bytes, from, to);
  }
}
