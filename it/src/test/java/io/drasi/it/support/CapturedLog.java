package io.drasi.it.support;

import static io.drasi.it.support.Eventually.eventually;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What is logged from here on, until it is closed; it is printed all the same. */
public final class CapturedLog implements AutoCloseable {
  private final PrintStream before = System.err;
  private final ByteArrayOutputStream captured = new ByteArrayOutputStream();

  /** Begins to listen. */
  public CapturedLog() {
    System.setErr(new PrintStream(new Tee(), true, StandardCharsets.UTF_8));
  }

  /** What was logged so far. */
  public String text() {
    return captured.toString(StandardCharsets.UTF_8);
  }

  /** Waits for a text. */
  public void await(String text) throws Exception {
    eventually("the log has " + text, Duration.ofSeconds(30), () -> text().contains(text));
  }

  @Override
  public void close() {
    System.setErr(before);
  }

  private final class Tee extends OutputStream {
    @Override
    public void write(int b) {
      before.write(b);
      captured.write(b);
    }

    @Override
    public void write(byte[] bytes, int start, int length) throws IOException {
      before.write(bytes, start, length);
      captured.write(bytes, start, length);
    }

    @Override
    public void flush() {
      before.flush();
    }
  }
}
