package io.drasi.it.faults;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a case went that was survived.
 *
 * @param transactions how many were compared
 * @param sessions how many streams were begun
 */
record FaultResult(
    @Nullable Fault fault,
    long transactions,
    long sessions,
    int failedBootstraps,
    Duration duration) {

  /** What is told of it. */
  Summary.Case toCase() {
    Fault done = Objects.requireNonNull(fault, "fault");
    return new Summary.Case(
        done.kind().name(),
        done.place().phase(),
        done.toString(),
        true,
        transactions,
        duration.toMillis());
  }
}
