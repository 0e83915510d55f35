package io.drasi.it.support;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The packaged jars as modules, with what they need. */
public final class ModulePath {
  private static final Path BUNDLES = Path.of(System.getProperty("osgi.bundles"));

  private ModulePath() {}

  /** The library jars of the project. */
  public static List<Path> ourJars() throws IOException {
    return jars("drasi-");
  }

  private static List<Path> jars(String prefix) throws IOException {
    try (Stream<Path> jars = Files.list(BUNDLES)) {
      return jars.filter(jar -> jar.getFileName().toString().startsWith(prefix)).sorted().toList();
    }
  }

  /** A module path: these folders, the library jars, and what those require. */
  public static String with(Path... more) throws IOException {
    List<Path> path = new ArrayList<>(List.of(more));
    path.addAll(ourJars());
    path.addAll(jars("jackson-core"));
    Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(jar -> jar.getFileName().toString().startsWith("slf4j-api"))
        .forEach(path::add);
    return path.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  /** Runs a tool of the JDK; fails with what it printed. */
  public static void run(String tool, List<String> arguments) {
    var printed = new StringWriter();
    var writer = new PrintWriter(printed, true);
    int exit =
        ToolProvider.findFirst(tool)
            .orElseThrow()
            .run(writer, writer, arguments.toArray(String[]::new));
    if (exit != 0) {
      throw new AssertionError("%s %s: %s".formatted(tool, arguments, printed));
    }
  }
}
