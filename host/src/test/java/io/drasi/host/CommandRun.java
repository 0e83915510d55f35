package io.drasi.host;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a command line printed, line by line, and its exit code. */
record CommandRun(int exitCode, List<String> out, List<String> err) {
  static CommandRun of(String... args) {
    var out = new ByteArrayOutputStream();
    var err = new StringWriter();
    int exitCode = Main.execute(out, new PrintWriter(err, true), args);
    return new CommandRun(
        exitCode,
        out.toString(StandardCharsets.UTF_8).lines().toList(),
        err.toString().lines().toList());
  }
}
