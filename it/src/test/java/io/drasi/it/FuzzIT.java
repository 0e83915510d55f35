package io.drasi.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.drasi.it.support.FuzzCorpus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each fuzz target under Jazzer, which looks for inputs that reach new code: {@code ./mvnw verify
 * -Pfuzz}, for {@code -Dfuzz.seconds} each. What it finds worth keeping is added to the corpus;
 * what it finds to be wrong is left in {@code target/fuzz}.
 */
class FuzzIT {
  private static final String JAZZER = "com.code_intelligence.jazzer.Jazzer";

  @TempDir Path found;

  @BeforeAll
  static void requireJazzer() {
    assumeTrue(
        FuzzIT.class.getClassLoader().getResource(JAZZER.replace('.', '/') + ".class") != null,
        "only in the profile fuzz");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Framing",
        "PgOutput",
        "Values",
        "Copy",
        "Scram",
        "ScriptFile",
        "Yaml",
        "Certificates"
      })
  void findsNothing(String target) throws Exception {
    run(target, "-max_total_time=" + System.getProperty("fuzz.seconds"), found.toString());
    run(target, "-merge=1", FuzzCorpus.folder(target).toString(), found.toString());
  }

  private static void run(String target, String... arguments) throws Exception {
    Path folder = Files.createDirectories(Path.of("target/fuzz", target));
    Process jazzer =
        new ProcessBuilder(command(target, arguments))
            .redirectErrorStream(true)
            .directory(folder.toFile())
            .start();
    String printed = new String(jazzer.getInputStream().readAllBytes(), UTF_8);
    Files.writeString(folder.resolve("log"), printed);
    System.out.println(
        printed
            .lines()
            .filter(line -> line.contains("\tDONE") || line.startsWith("Done "))
            .reduce(target, (lines, line) -> lines + "; " + line));
    assertThat(jazzer.waitFor()).as(printed).isZero();
  }

  private static List<String> command(String target, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                Objects.requireNonNull(System.getProperty("java.class.path")),
                JAZZER,
                "--target_class=io.drasi.it.fuzz." + target,
                "--instrumentation_includes=io.drasi.**:org.snakeyaml.**",
                "-max_len=4096"));
    command.addAll(List.of(arguments));
    if (arguments[0].startsWith("-max_total_time")) {
      command.add(FuzzCorpus.folder(target).toString());
    }
    return command;
  }
}
