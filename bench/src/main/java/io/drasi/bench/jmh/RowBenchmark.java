package io.drasi.bench.jmh;

import io.drasi.api.change.SourceChange;
import io.drasi.postgres.decoder.pgoutput.PgOutputDecoder;
import io.drasi.postgres.decoder.row.ElementMapper;
import io.drasi.postgres.decoder.row.RelationCache;
import io.drasi.postgres.decoder.row.TransactionContext;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Messages about rows to changes: decoder and mapper, on one core. */
@State(Scope.Thread)
public class RowBenchmark {
  /** What values are sent as. */
  @Param({"text", "binary"})
  public String format = "text";

  private final PgOutputDecoder decoder = new PgOutputDecoder();
  private final ElementMapper mapper = new ElementMapper();
  private final TransactionContext transaction =
      new TransactionContext("7", new Lsn(100), Instant.EPOCH);
  private final FieldReader reader = new FieldReader(new byte[0]);
  private List<byte[]> inserts = List.of();
  private RelationCache known = RelationCache.empty();

  /** Reads the messages. */
  @Setup
  public void read() throws IOException {
    TenColumns columns = TenColumns.of(format);
    inserts = columns.inserts();
    known = columns.known();
  }

  /** Ten rows. */
  @Benchmark
  @OperationsPerInvocation(TenColumns.ROWS)
  public void row(Blackhole changes) throws ProtocolException {
    for (byte[] insert : inserts) {
      reader.reset(insert, 0, insert.length);
      mapper.map(
          decoder.decode(reader), known, transaction, 0, (SourceChange c) -> changes.consume(c));
    }
  }
}
