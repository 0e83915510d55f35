package io.drasi.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @ParameterizedTest
  @ValueSource(strings = {"--help", "demo --help", "run --help", "check --help"})
  void explainsItselfOnStdoutWithExamples(String commandLine) {
    CommandRun run = CommandRun.of(commandLine.split(" "));

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).first().asString().startsWith("Usage: drasi");
    assertThat(String.join("\n", run.out()))
        .containsAnyOf("Examples:", "A configuration:")
        .doesNotContain("null");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "demo --version", "run --version"})
  void tellsItsVersion(String commandLine) {
    CommandRun run = CommandRun.of(commandLine.split(" "));

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).first().asString().startsWith("drasi ");
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void namesTheMistakeAndWhereThereIsHelp(List<String> commandLine, String message, String help) {
    CommandRun run = CommandRun.of(commandLine.toArray(String[]::new));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).containsExactly(message, help);
  }

  static Stream<Arguments> mistakes() {
    String mainHelp = "\"drasi --help\" tells more.";
    String demoHelp = "\"drasi demo --help\" tells more.";
    String runHelp = "\"drasi run --help\" tells more.";
    return Stream.of(
        arguments(List.of(), "drasi: say what to do: demo, run or check", mainHelp),
        arguments(List.of("walk"), "drasi: Unmatched argument at index 0: 'walk'", mainHelp),
        arguments(List.of("run"), "drasi run: Missing required parameter: 'config.yaml'", runHelp),
        arguments(
            List.of("run", "a", "b"), "drasi run: Unmatched argument at index 2: 'b'", runHelp),
        arguments(
            List.of("check", "--fix", "--json", "a"),
            "drasi check: Error: --fix, --json are mutually exclusive (specify only one)",
            "\"drasi check --help\" tells more."),
        arguments(
            List.of("demo", "--changes", "many"),
            "drasi demo: Invalid value for option '--changes': 'many' is not a long",
            demoHelp),
        arguments(
            List.of("demo", "--changes", "0"),
            "drasi demo: --changes: 0 is not allowed; allowed is 1 or more",
            demoHelp),
        arguments(
            List.of("demo", "--rate", "NaN"),
            "drasi demo: --rate: NaN is not allowed; allowed is more than 0, up to 10000",
            demoHelp));
  }
}
