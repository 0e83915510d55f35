package io.drasi.it.support;

import static io.drasi.it.support.Eventually.eventually;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/**
 * A process that installs, runs and uninstalls the bundles over and over, and prints what has grown
 * since the first {@value #WARM} times: a line per kind, with a number.
 */
public final class OsgiCycles {
  private static final int WARM = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final OsgiFramework framework;
  private final Connection writer;
  private final LinesFile file;
  private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
  private int lastLoaded;

  private OsgiCycles(OsgiFramework framework, Connection writer, LinesFile file) {
    this.framework = framework;
    this.writer = writer;
    this.file = file;
  }

  /**
   * Runs it.
   *
   * @param args the framework, a folder, the number of cycles, a JDBC address of the writer, and
   *     the source's options, each with its value
   */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    Map<String, String> options = new HashMap<>();
    for (int i = 4; i < args.length; i += 2) {
      options.put(args[i], args[i + 1]);
    }
    try (var framework =
            OsgiFramework.start(OsgiFramework.Kind.valueOf(args[0]), folder.resolve("framework"));
        Connection writer = DriverManager.getConnection(args[3])) {
      var file = new LinesFile(folder.resolve("changes.jsonl"));
      framework.startAllBut(ours().toArray(String[]::new));
      framework.configure(OsgiFramework.SOURCE, "shop", options);
      framework.configure(OsgiFramework.SINK, "file", file.of("shop"));
      new OsgiCycles(framework, writer, file).run(Integer.parseInt(args[2]));
    }
  }

  private void run(int cycles) throws Exception {
    for (int i = 1; i <= WARM; i++) {
      cycle(i);
    }
    awaitCollected();
    int threads = threads();
    long sockets = sockets();
    int classes = classes();
    for (int i = WARM + 1; i <= cycles; i++) {
      cycle(i);
    }
    awaitCollected();
    System.out.println("class loaders " + alive());
    System.out.println("threads " + Math.max(0, threads() - threads));
    System.out.println("sockets " + Math.max(0, sockets() - sockets));
    System.out.println("classes per cycle " + Math.max(0, classes() - classes) / (cycles - WARM));
  }

  private void cycle(int number) throws Exception {
    List<Bundle> bundles = new ArrayList<>();
    for (String artifact : ours()) {
      bundles.add(framework.install(artifact));
    }
    for (Bundle bundle : bundles) {
      bundle.start();
    }
    framework.awaitStatus("shop", "RUNNING");
    TestDatabase.run(writer, "INSERT INTO users VALUES (%d)".formatted(number));
    file.await("\"users:%d\"".formatted(number));
    for (Bundle bundle : bundles) {
      loaders.add(new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader()));
      bundle.uninstall();
    }
    lastLoaded = bundles.size();
    framework.refresh(bundles.toArray(Bundle[]::new));
  }

  private static List<String> ours() throws IOException {
    return OsgiFramework.allBundles().stream()
        .filter(artifact -> artifact.startsWith("drasi-"))
        .toList();
  }

  /**
   * Those of the last cycle do not count: something holds them until the next one replaces them.
   */
  private long alive() {
    return loaders.subList(0, loaders.size() - lastLoaded).stream()
        .filter(loader -> loader.get() != null)
        .count();
  }

  private void awaitCollected() throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    eventually(
        "collected",
        PATIENCE.plusSeconds(1),
        () -> {
          System.gc();
          return alive() == 0 || System.nanoTime() > end;
        });
  }

  private static int threads() {
    return Thread.getAllStackTraces().size();
  }

  private static int classes() {
    return ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
  }

  private static long sockets() throws Exception {
    Path descriptors = Path.of("/proc/self/fd");
    if (!Files.isDirectory(descriptors)) {
      return 0;
    }
    try (Stream<Path> open = Files.list(descriptors)) {
      return open.filter(OsgiCycles::isSocket).count();
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }
}
