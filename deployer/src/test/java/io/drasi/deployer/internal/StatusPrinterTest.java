package io.drasi.deployer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.SourceStatus;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusPrinterTest {
  private final ManagedSource source = new IdleSource("orders", true);
  private final Set<String> wanted = new HashSet<>(Set.of("orders"));
  private final List<Integer> exitCodes = new ArrayList<>();

  @Test
  void saysStateReasonAndWhatIsWaitedForInOneLine() {
    assertThat(
            print(
                status(SourceState.STARTING, "slot drasi_slot, held by process 7", null),
                status(SourceState.RUNNING, null, null),
                status(SourceState.RECONNECTING, "the next attempt", "connection refused")))
        .containsExactly(
            "orders: starting; waiting for slot drasi_slot, held by process 7",
            "orders: running",
            "orders: reconnecting: connection refused; waiting for the next attempt");
  }

  @Test
  void doesNotRepeatAttemptsThatFailForTheSameReason() {
    assertThat(
            print(
                status(SourceState.RECONNECTING, "the next attempt in 1 s", "refused"),
                status(SourceState.RECONNECTING, "the next attempt in 2 s", "refused"),
                status(SourceState.RECONNECTING, null, "starting up"),
                status(SourceState.RUNNING, null, null),
                status(SourceState.RECONNECTING, null, "refused")))
        .containsExactly(
            "orders: reconnecting: refused; waiting for the next attempt in 1 s",
            "orders: reconnecting: starting up",
            "orders: running",
            "orders: reconnecting: refused");
  }

  @Test
  void doesNotTellEveryWaitForTheReaderOfStdout() {
    assertThat(
            print(
                status(SourceState.RUNNING, null, null),
                status(SourceState.RUNNING, "subscriber stdout", null),
                status(SourceState.RUNNING, null, null)))
        .containsExactly("orders: running");
  }

  @Test
  void endsTheHostWhenEverySourceHasFailed() {
    assertThat(
            print(
                status(SourceState.FAILED, null, "no such publication"),
                status(SourceState.STOPPING, null, null),
                status(SourceState.STOPPED, null, null)))
        .containsExactly("orders: failed: no such publication");
    assertThat(exitCodes).containsExactly(1);
  }

  @Test
  void goesOnWhileOneSourceHasNotFailed() {
    wanted.add("users");

    print(status(SourceState.FAILED, null, "no such publication"));

    assertThat(exitCodes).isEmpty();
  }

  private List<String> print(SourceStatus... statuses) {
    var text = new StringWriter();
    var console = new Console(new PrintWriter(text, true), exitCodes::add);
    var printer = new StatusPrinter(() -> wanted, console);
    for (SourceStatus status : statuses) {
      printer.statusChanged(source, status);
    }
    return text.toString().lines().toList();
  }

  private static SourceStatus status(
      SourceState state, @Nullable String waitingFor, @Nullable String error) {
    return SourceStatus.of(
        state, Instant.EPOCH, waitingFor, error == null ? null : new SourceException(error, null));
  }
}
