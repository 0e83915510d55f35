package io.drasi.postgres.protocol;

import io.drasi.postgres.protocol.internal.Deadline;
import io.drasi.postgres.protocol.internal.Transport;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the server may take for an answer, whatever it sends meanwhile: where that is over, the
 * connection is closed.
 */
record AnswerLimit(Transport transport, Duration timeout) {

  /** What a session begins with. */
  static final Duration DEFAULT = Duration.ofSeconds(60);

  /** Reads an answer, or a part of it. */
  interface Step<T> {
    T run() throws IOException;
  }

  /**
   * Runs it within the limit.
   *
   * @throws ConnectionException when it takes longer
   */
  <T> T within(String command, Step<T> step) throws IOException {
    var deadline = Deadline.start(transport, timeout);
    T result;
    try (deadline) {
      result = step.run();
    } catch (IOException e) {
      throw deadline.isExpired() ? tooSlow(command, e) : e;
    }
    if (deadline.isExpired()) {
      throw tooSlow(command, null);
    }
    return result;
  }

  private ConnectionException tooSlow(String command, @Nullable Throwable cause) {
    return new ConnectionException(
        "the server's answer to %s took longer than %d ms".formatted(command, timeout.toMillis()),
        cause);
  }
}
