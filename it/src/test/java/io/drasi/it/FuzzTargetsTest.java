package io.drasi.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.it.fuzz.Certificates;
import io.drasi.it.fuzz.Copy;
import io.drasi.it.fuzz.Framing;
import io.drasi.it.fuzz.PgOutput;
import io.drasi.it.fuzz.Scram;
import io.drasi.it.fuzz.ScriptFile;
import io.drasi.it.fuzz.Values;
import io.drasi.it.fuzz.Yaml;
import io.drasi.it.support.FuzzCorpus;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every input of the kept corpus, and changes to them at random but the same in every run: a
 * refusal at most, never another exception.
 */
class FuzzTargetsTest {
  private static final long SEED = 6;

  private interface Target {
    void run(byte[] input) throws Exception;
  }

  static Stream<Arguments> targets() {
    return Stream.of(
        target(Framing.class, 20_000, Framing::fuzzerTestOneInput),
        target(PgOutput.class, 20_000, PgOutput::fuzzerTestOneInput),
        target(Values.class, 20_000, Values::fuzzerTestOneInput),
        target(Copy.class, 20_000, Copy::fuzzerTestOneInput),
        target(Yaml.class, 1000, Yaml::fuzzerTestOneInput),
        target(Scram.class, 500, Scram::fuzzerTestOneInput),
        target(ScriptFile.class, 1000, ScriptFile::fuzzerTestOneInput),
        target(Certificates.class, 300, Certificates::fuzzerTestOneInput));
  }

  private static Arguments target(Class<?> name, int changes, Target target) {
    return Arguments.of(name.getSimpleName(), changes, target);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("targets")
  void onlyRefuses(String name, int changes, Target target) throws Exception {
    List<byte[]> corpus = FuzzCorpus.inputs(name);
    assertThat(corpus).isNotEmpty();
    for (byte[] input : corpus) {
      target.run(input);
    }
    var random = new Random(SEED);
    for (int i = 0; i < changes; i++) {
      target.run(FuzzCorpus.changed(corpus, random));
    }
  }
}
