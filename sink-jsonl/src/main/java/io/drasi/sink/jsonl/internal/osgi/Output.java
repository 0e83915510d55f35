package io.drasi.sink.jsonl.internal.osgi;

import io.drasi.api.config.ConfigurationException;
import io.drasi.api.source.SourceEvent;
import io.drasi.sink.jsonl.JsonLinesWriter;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the lines go. Confined to the thread of its sink. */
final class Output implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Output.class);

  /** Held while an event is written, so that sinks do not write into each other's lines. */
  private static final ReentrantLock STANDARD_OUTPUT = new ReentrantLock();

  private final JsonLinesWriter writer;
  private final ReentrantLock turn;

  private Output(OutputStream out, ReentrantLock turn) {
    this.writer = new JsonLinesWriter(out);
    this.turn = turn;
  }

  /**
   * Opens it.
   *
   * @throws ConfigurationException when the file cannot be written to
   */
  static Output open(SinkOptions options) {
    if (options.toStandardOutput()) {
      return new Output(new StandardOutput(), STANDARD_OUTPUT);
    }
    try {
      return new Output(new FileOutputStream(options.output(), true), new ReentrantLock());
    } catch (FileNotFoundException e) {
      throw new ConfigurationException(
          List.of("output: cannot be written to: %s".formatted(e.getMessage())));
    }
  }

  /** Logs that an output is not written to any more. */
  static void tellEnd(SinkOptions options, IOException reason) {
    log.error(
        "{}: {} is not written to any more: {}; mend that and change the configuration",
        options.sourceId(),
        options.output(),
        reason.getMessage());
  }

  /** Writes an event and flushes. */
  void write(SourceEvent event) throws IOException {
    turn.lock();
    try {
      writer.write(event);
    } finally {
      turn.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  /** It outlives the sink, and tells an error only when asked. */
  private static final class StandardOutput extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int start, int length) throws IOException {
      System.out.write(bytes, start, length);
      flush();
    }

    @Override
    public void flush() throws IOException {
      if (System.out.checkError()) {
        throw new IOException("the standard output is closed");
      }
    }
  }
}
