package io.drasi.it;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.drasi.api.source.ManagedSource;
import io.drasi.it.support.Servers;
import io.drasi.it.support.SetupProblem;
import io.drasi.it.support.TestDatabase;
import io.drasi.it.support.WrongSetup;
import io.drasi.source.postgres.PostgresSourceFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is set up wrong ends in one clear message with the remedy, and in the right state. */
class RemediesIT {
  static List<Arguments> problems() {
    return Servers.versions().stream()
        .flatMap(
            version ->
                SetupProblem.possibleOn(version).stream()
                    .map(problem -> arguments(version, problem)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("problems")
  void oneMessageSaysWhatIsWrongAndWhatMendsIt(String version, SetupProblem problem)
      throws Exception {
    try (var setup = problem.setUp(version)) {
      Map<String, Object> options = new HashMap<>(setup.options());
      options.put("id", "misled");
      try (ManagedSource source = new PostgresSourceFactory().create(options)) {
        source.start();
        eventually(
            problem.state() + ", was " + source.status(),
            Duration.ofSeconds(20),
            () -> source.status().state() == problem.state());
        assertThat(source.status().error().orElseThrow().getMessage())
            .startsWith(setup.problem())
            .endsWith(setup.remedy())
            .doesNotContain(TestDatabase.PASSWORD, WrongSetup.WRONG_PASSWORD, "\n");
      }
    }
  }
}
