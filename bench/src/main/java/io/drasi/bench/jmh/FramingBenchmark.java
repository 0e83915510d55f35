package io.drasi.bench.jmh;

import io.drasi.postgres.protocol.internal.MessageReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Bytes to messages. */
@State(Scope.Thread)
public class FramingBenchmark {
  private static final int MESSAGES = 10_000;
  private static final int CONTENT_BYTES = 180;

  private final byte[] stream = stream();

  private static byte[] stream() {
    ByteBuffer bytes = ByteBuffer.allocate(MESSAGES * (1 + Integer.BYTES + CONTENT_BYTES));
    for (int i = 0; i < MESSAGES; i++) {
      bytes.put((byte) 'd').putInt(Integer.BYTES + CONTENT_BYTES).put(new byte[CONTENT_BYTES]);
    }
    return bytes.array();
  }

  /** Messages the size of a row. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void message(Blackhole messages) throws IOException {
    var reader = new MessageReader(new ByteArrayInputStream(stream));
    for (int i = 0; i < MESSAGES; i++) {
      messages.consume(reader.read());
      messages.consume(reader.body().remaining());
    }
  }
}
