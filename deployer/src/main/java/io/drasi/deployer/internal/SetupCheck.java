package io.drasi.deployer.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.drasi.api.source.Finding;
import io.drasi.api.source.Finding.Level;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;

/**
 * Looks whether all is in order for the sources of a file, and prints what it finds on the standard
 * output.
 */
final class SetupCheck {
  private static final JsonFactory JSON = new JsonFactory();

  private final Output output;
  private final Console console;
  private final PrintStream out;

  /** What is printed. */
  enum Output {
    /** A line for each item, and what mends it. */
    TEXT,
    /** A JSON object for each item, a line each. */
    JSON,
    /** The script that mends what it can. */
    SCRIPT
  }

  SetupCheck(Output output, Console console) {
    this.output = output;
    this.console = console;
    this.out = System.out;
  }

  /**
   * Runs it.
   *
   * @return the exit code: 0 when nothing keeps the sources from running
   */
  int run(List<WantedSource> sources) throws IOException {
    int problems = 0;
    for (WantedSource source : sources) {
      List<Finding> findings = source.check();
      for (Finding finding : findings) {
        print(source.id(), finding);
      }
      int mine = count(findings, Level.PROBLEM);
      console.say(
          "%s: %s, %s"
              .formatted(
                  source.id(),
                  Count.of(mine, "problem"),
                  Count.of(count(findings, Level.WARNING), "warning")));
      problems += mine;
    }
    out.flush();
    return problems == 0 ? Console.DONE : Console.FAILED;
  }

  private static int count(List<Finding> findings, Level level) {
    return (int) findings.stream().filter(finding -> finding.level() == level).count();
  }

  private void print(String id, Finding finding) throws IOException {
    switch (output) {
      case TEXT -> printText(finding);
      case JSON -> out.println(json(id, finding));
      case SCRIPT -> printScript(finding);
    }
  }

  private void printText(Finding finding) {
    out.printf(
        "%-7s  %s: %s%n",
        finding.level().name().toLowerCase(Locale.ROOT), finding.item(), finding.message());
    finding.sql().forEach(sql -> out.printf("         %s%n", sql));
  }

  private void printScript(Finding finding) {
    if (!finding.sql().isEmpty()) {
      out.printf("-- %s: %s%n", finding.item(), finding.message().replaceAll("\\R", " "));
      finding.sql().forEach(out::println);
    }
  }

  private static String json(String id, Finding finding) throws IOException {
    var line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("source_id", id);
      json.writeStringField("item", finding.item());
      json.writeStringField("level", finding.level().name().toLowerCase(Locale.ROOT));
      json.writeStringField("message", finding.message());
      json.writeArrayFieldStart("sql");
      for (String sql : finding.sql()) {
        json.writeString(sql);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return line.toString();
  }
}
