package io.drasi.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Measures parts by JMH, in a JVM of their own: time and bytes allocated an operation. */
final class Parts {
  private Parts() {}

  /**
   * Measures.
   *
   * @param names a regular expression that occurs in the names of the benchmarks
   * @param iterations how many of a second each, once they are warm
   */
  static void run(String names, int iterations) throws IOException {
    Options options =
        new OptionsBuilder()
            .include(names)
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .forks(1)
            .warmupIterations(5)
            .warmupTime(TimeValue.seconds(2))
            .measurementIterations(iterations)
            .measurementTime(TimeValue.seconds(1))
            .addProfiler(GCProfiler.class)
            .build();
    try {
      new Runner(options).run();
    } catch (RunnerException e) {
      throw new IOException(e);
    }
  }
}
