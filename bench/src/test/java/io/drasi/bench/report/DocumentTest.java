package io.drasi.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.bench.Environment;
import io.drasi.bench.Results;
import io.drasi.bench.Results.Measured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentTest {
  @TempDir private Path folder;

  private static Results results(double secondsOfOurs) {
    var environment = new Environment("a machine", "versions", "a JVM", "./drasi bench", "today");
    var rounds =
        Map.of(
            "drasi", FiguresTest.rounds(secondsOfOurs).rounds(),
            "raw", FiguresTest.rounds(1).rounds(),
            "pg-recvlogical", FiguresTest.rounds(1).rounds());
    var results = new Results(new LinkedHashMap<>());
    results
        .workloads()
        .put("small", new Measured("Small ones", "STREAM", 1_000, environment, rounds));
    return results;
  }

  @Test
  void writesWhatWasMeasuredAndLeavesTheRest() throws IOException {
    Path file = folder.resolve("performance.md");
    new Document(file).write(results(1));
    Files.writeString(file, "# Prose\n\n" + Files.readString(file) + "\nMore prose.\n");

    new Document(file).write(results(4));

    assertThat(Files.readString(file))
        .startsWith("# Prose\n")
        .endsWith("More prose.\n")
        .contains("| this source, binary | 250 (250–250) | 0.25 |")
        .doesNotContain("| this source, binary | 1,000");
    assertThat(folder.resolve("performance/small-rows.svg")).content().contains(">250<");
  }

  @Test
  void comparesTargetsWithWhatWasReached() throws IOException {
    Path file = folder.resolve("performance.md");

    new Document(file).write(results(2));

    assertThat(Files.readString(file))
        .contains("| rows/s, streaming | pg_recvlogical | ≥ 0.95 | 0.50 |");
  }

  @Test
  void doesNotTouchADocumentThatHasNoPlaceForResults() throws IOException {
    Path file = Files.writeString(folder.resolve("performance.md"), "# Prose\n");

    assertThatThrownBy(() -> new Document(file).write(results(1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has no place for results");
    assertThat(file).content().isEqualTo("# Prose\n");
  }
}
