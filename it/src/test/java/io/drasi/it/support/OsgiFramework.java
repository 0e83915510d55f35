package io.drasi.it.support;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * An OSGi framework in this JVM, which takes the packaged jars as an operator would. It shares with
 * the tests what a launcher would give it: slf4j, and the API of Configuration Admin. The project's
 * own classes are the bundles' own, and not those that the tests see.
 */
public final class OsgiFramework implements AutoCloseable {
  /** The factory PID of sources. */
  public static final String SOURCE = "io.drasi.source.postgres";

  /** The factory PID of sinks. */
  public static final String SINK = "io.drasi.sink.jsonl";

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Path BUNDLES = Path.of(System.getProperty("osgi.bundles"));

  /** An implementation. */
  public enum Kind {
    FELIX("org.apache.felix.framework"),
    EQUINOX("org.eclipse.osgi");

    private final String jar;

    Kind(String jar) {
      this.jar = jar;
    }
  }

  private final URLClassLoader loader;
  private final Framework framework;

  private OsgiFramework(URLClassLoader loader, Framework framework) {
    this.loader = loader;
    this.framework = framework;
  }

  /**
   * Starts one without bundles.
   *
   * @param storage where it keeps its state; empty, or of an earlier one
   */
  public static OsgiFramework start(Kind kind, Path storage) throws Exception {
    Path jar = Path.of(System.getProperty("osgi.frameworks"), kind.jar + ".jar");
    var loader =
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, OsgiFramework.class.getClassLoader());
    Framework framework =
        ServiceLoader.load(FrameworkFactory.class, loader)
            .findFirst()
            .orElseThrow()
            .newFramework(
                Map.of(
                    "eclipse.consoleLog",
                    "true",
                    Constants.FRAMEWORK_STORAGE,
                    storage.toString(),
                    Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                    "org.slf4j;version=2.0.20,org.osgi.service.cm;version=1.6.1"));
    framework.start();
    return new OsgiFramework(loader, framework);
  }

  /** The names of all bundles there are, in no order. */
  public static List<String> allBundles() throws IOException {
    try (Stream<Path> jars = Files.list(BUNDLES)) {
      return jars.map(jar -> jar.getFileName().toString().replace(".jar", "")).sorted().toList();
    }
  }

  /** Installs a bundle by the name of its artifact. */
  public Bundle install(String artifact) throws BundleException {
    return install(BUNDLES.resolve(artifact + ".jar"));
  }

  /** Installs a bundle from a file. */
  public Bundle install(Path jar) throws BundleException {
    return framework.getBundleContext().installBundle(jar.toUri().toString());
  }

  /** Installs a bundle that differs from the packaged one in its version. */
  public Bundle installAs(String version, String artifact, Path folder) throws Exception {
    Path copy = folder.resolve("%s-%s.jar".formatted(artifact, version));
    BundleFile.copy(BUNDLES.resolve(artifact + ".jar"), version, copy);
    return install(copy);
  }

  /** Installs and starts all bundles but some. */
  public void startAllBut(String... artifacts) throws Exception {
    for (String artifact : allBundles()) {
      if (!Arrays.asList(artifacts).contains(artifact)) {
        install(artifact);
      }
    }
    for (Bundle bundle : framework.getBundleContext().getBundles()) {
      bundle.start();
    }
  }

  /** The bundle of this symbolic name. */
  public Bundle bundle(String symbolicName) {
    return Stream.of(framework.getBundleContext().getBundles())
        .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
        .findFirst()
        .orElseThrow();
  }

  /** Wires bundles anew, together with all that are wired to them, and waits for it. */
  public void refresh(Bundle... bundles) throws Exception {
    var done = new CountDownLatch(1);
    framework
        .adapt(FrameworkWiring.class)
        .refreshBundles(
            List.of(bundles),
            event -> {
              if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                done.countDown();
              }
            });
    assertThat(done.await(30, TimeUnit.SECONDS)).as("refreshed").isTrue();
  }

  /** Creates or changes a factory configuration. */
  public Configuration configure(String factoryPid, String name, Map<String, ?> properties)
      throws Exception {
    Configuration configuration = configuration(factoryPid, name);
    configuration.updateIfDifferent(FrameworkUtil.asDictionary(new HashMap<>(properties)));
    return configuration;
  }

  private Configuration configuration(String factoryPid, String name) throws Exception {
    eventually("Configuration Admin is there", PATIENCE, () -> configurationAdmin() != null);
    var context = framework.getBundleContext();
    ConfigurationAdmin admin = context.getService(configurationAdmin());
    return admin.getFactoryConfiguration(factoryPid, name, "?");
  }

  private ServiceReference<ConfigurationAdmin> configurationAdmin() {
    return framework.getBundleContext().getServiceReference(ConfigurationAdmin.class);
  }

  /** The options of a source of a database, as they stand in a configuration. */
  public static Map<String, String> options(TestDatabase database, String id) {
    Map<String, String> options = new HashMap<>(database.options());
    options.put("id", id);
    options.put(".password", options.remove("password"));
    return options;
  }

  /** How many sources of this id are registered. */
  public int sources(String id) {
    return references(id).size();
  }

  private List<ServiceReference<?>> references(String id) {
    try {
      ServiceReference<?>[] found =
          framework
              .getBundleContext()
              .getAllServiceReferences(
                  "io.drasi.api.source.Source", "(drasi.source.id=%s)".formatted(id));
      return found == null ? List.of() : List.of(found);
    } catch (InvalidSyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Waits until a source of this id is registered, and gives what it is registered with. */
  public Map<String, Object> awaitSource(String id) throws Exception {
    eventually("the source %s is there".formatted(id), PATIENCE, () -> sources(id) == 1);
    ServiceReference<?> reference = references(id).get(0);
    Map<String, Object> properties = new HashMap<>();
    for (String key : reference.getPropertyKeys()) {
      properties.put(key, reference.getProperty(key));
    }
    return properties;
  }

  /** The status of a source in print. */
  public String status(String id) throws Exception {
    return String.valueOf(call(id, "status"));
  }

  /** Waits until the status of a source says something. */
  public void awaitStatus(String id, String text) throws Exception {
    awaitSource(id);
    eventually(
        "the status of %s has %s".formatted(id, text), PATIENCE, () -> status(id).contains(text));
  }

  /** Calls a method without arguments of a source. */
  public Object call(String id, String method) throws Exception {
    ServiceReference<?> reference = references(id).get(0);
    Object source = framework.getBundleContext().getService(reference);
    try {
      return reference
          .getBundle()
          .loadClass("io.drasi.api.source.ManagedSource")
          .getMethod(method)
          .invoke(source);
    } finally {
      framework.getBundleContext().ungetService(reference);
    }
  }

  /** Stops it, and waits for the end. */
  public void stop() throws BundleException {
    framework.stop();
    try {
      FrameworkEvent event = framework.waitForStop(PATIENCE.toMillis());
      assertThat(event.getType()).isEqualTo(FrameworkEvent.STOPPED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws BundleException, IOException {
    stop();
    loader.close();
  }
}
