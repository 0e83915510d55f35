package io.drasi.bench.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;

/**
 * The process of one contestant: takes a {@link Task} as JSON from the standard input, and prints
 * its {@link Measurement} as the last line.
 */
public final class Client {
  private Client() {}

  /** Runs one task. */
  public static void main(String[] args) throws Exception {
    PrintStream out = System.out;
    System.setOut(System.err); // libraries may print what they like
    var json = new ObjectMapper();
    Task task = json.readValue(System.in, Task.class);
    Measurement measurement = drain(task).run(task, new Meter(), () -> out.println(Task.READY));
    out.println(text(json, measurement));
    out.flush();
    System.exit(0); // whatever threads a library has left
  }

  private static String text(ObjectMapper json, Measurement measurement) {
    try {
      return json.writeValueAsString(measurement);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Drain drain(Task task) {
    boolean loads = !task.table().isEmpty();
    return switch (task.kind()) {
      case DRASI -> loads ? new DrasiLoad() : new DrasiStream();
      case RAW -> loads ? new RawCopy() : new RawStream();
      case RECVLOGICAL -> new RecvLogical();
      case JDBC -> new JdbcStream();
      case DEBEZIUM -> new DebeziumDrain();
    };
  }
}
