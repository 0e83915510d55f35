package io.drasi.it.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Apache Karaf as an operator starts it: with a console, in a process of its own. It finds the
 * project's features and bundles as in a repository of Maven's, without the network.
 */
public final class KarafProcess implements AutoCloseable {
  /** The newest Java that it starts on. */
  public static final int NEWEST_JAVA = 21;

  /** An environment variable that it has. */
  public static final String VARIABLE = "DRASI_VARIABLE";

  private static final Path HOME = Path.of(System.getProperty("karaf.home"));
  private static final Path FEATURES = Path.of(System.getProperty("karaf.features"));
  private static final Path BUNDLES = Path.of(System.getProperty("osgi.bundles"));
  private static final Pattern BUNDLE = Pattern.compile("mvn:([^/]+)/([^/]+)/([^/<]+)<");

  private final Path base;
  private final Process process;

  private KarafProcess(Path base, Process process) {
    this.base = base;
    this.process = process;
  }

  /** The address of the project's features. */
  public static String features() {
    return "mvn:io.drasi/drasi-karaf-features/%s/xml/features"
        .formatted(System.getProperty("drasi.version"));
  }

  /**
   * Starts it with nothing but its shell.
   *
   * @param base where it keeps its configuration and state
   * @param configurations the files in {@code etc}, by name without {@code .cfg}
   * @param variable what the environment variable {@link #VARIABLE} holds
   */
  public static KarafProcess start(
      Path base, Map<String, Map<String, String>> configurations, String variable)
      throws Exception {
    Files.createDirectories(base);
    Folders.copy(HOME.resolve("etc"), base.resolve("etc"));
    String features = "mvn:org.apache.karaf.features/%%s/%s/xml/features".formatted(version());
    write(
        base,
        "org.apache.karaf.features",
        Map.of(
            "featuresRepositories",
            features.formatted("framework") + "," + features.formatted("standard"),
            "featuresBoot",
            "framework, shell, feature"));
    for (var configuration : configurations.entrySet()) {
      write(base, configuration.getKey(), configuration.getValue());
    }
    publish(base.resolve("system"));
    var builder = new ProcessBuilder(HOME.resolve("bin/karaf").toString(), "console");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("KARAF_BASE", base.toString());
    builder.environment().put("KARAF_OPTS", "-Dkaraf.instances=" + base.resolve("instances"));
    builder.environment().put(VARIABLE, variable);
    builder.redirectErrorStream(true).redirectOutput(base.resolve("console.txt").toFile());
    return new KarafProcess(base, builder.start());
  }

  private static String version() {
    return HOME.getFileName().toString().replace("apache-karaf-", "");
  }

  private static void write(Path base, String name, Map<String, String> configuration)
      throws IOException {
    var properties = new Properties();
    properties.putAll(configuration);
    // A stream, and no writer: what is beyond Latin letters is then written as Karaf reads it.
    try (OutputStream file = Files.newOutputStream(base.resolve("etc/%s.cfg".formatted(name)))) {
      properties.store(file, null);
    }
  }

  /** Puts the features, and the bundles that they name, where a repository has them. */
  private static void publish(Path repository) throws IOException {
    copy(
        FEATURES,
        repository.resolve(
            "io/drasi/drasi-karaf-features/%1$s/drasi-karaf-features-%1$s-features.xml"
                .formatted(System.getProperty("drasi.version"))));
    Matcher bundle = BUNDLE.matcher(Files.readString(FEATURES));
    while (bundle.find()) {
      copy(
          BUNDLES.resolve(bundle.group(2) + ".jar"),
          repository.resolve(
              "%1$s/%2$s/%3$s/%2$s-%3$s.jar"
                  .formatted(bundle.group(1).replace('.', '/'), bundle.group(2), bundle.group(3))));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING); // two features may name one bundle
  }

  /** Types a command into the console, which runs it when it is ready for it. */
  public void type(String command) throws IOException {
    OutputStream console = process.getOutputStream();
    console.write((command + "\n").getBytes(UTF_8));
    console.flush();
  }

  /** What was logged. */
  public String log() throws IOException {
    Path log = base.resolve("data/log/karaf.log");
    return Files.exists(log) ? Files.readString(log) : "";
  }

  /** Ends it, and waits for the end. */
  @Override
  public void close() throws IOException {
    List<ProcessHandle> started = process.descendants().toList();
    started.forEach(ProcessHandle::destroy);
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        started.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new IOException("Karaf did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
