package io.drasi.it.faults;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/** Remembers how a test has ended, to make a case of it. One for each test. */
final class CaseLog implements AfterTestExecutionCallback {
  private final long begun = System.nanoTime();
  private @Nullable Throwable thrown;

  @Override
  public void afterTestExecution(ExtensionContext context) {
    thrown = context.getExecutionException().orElse(null);
  }

  /** The case; empty when the test was skipped. */
  Optional<Summary.Case> toCase(String version, TestInfo test, long transactions) {
    return thrown instanceof TestAbortedException
        ? Optional.empty()
        : Optional.of(
            new Summary.Case(
                "PostgreSQL " + version,
                test.getTestMethod().orElseThrow().getName(),
                test.getDisplayName(),
                thrown == null,
                transactions,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun)));
  }
}
