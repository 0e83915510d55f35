package io.drasi.host.framework;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * An embedded OSGi framework with the bundles of some folders, of which FileInstall takes care
 * while it runs, and with a configuration file, of which it tells the deployer.
 */
public final class Host implements AutoCloseable {
  private static final String FILE_INSTALL = "org.apache.felix.fileinstall";

  /** So often FileInstall looks at its folders; it takes a file that was the same twice. */
  private static final String POLL_MILLIS = "500";

  private static final long STOP_MILLIS = 10_000;

  /** As the bundles import them. */
  private static final String SHARED_PACKAGES =
      "org.slf4j;version=2.0.20,org.osgi.service.cm;version=1.6.1";

  private final Path system;
  private final Path configuration;
  private final Consumer<String> console;
  private final IntConsumer exit;
  private final Workspace workspace;
  private final Framework framework;

  /**
   * A host to be started.
   *
   * @param system the folder with the bundles that are there as long as it runs
   * @param folders the folders with bundles that may change meanwhile
   * @param configuration the file for the deployer
   * @param more more properties of the framework, for its bundles
   * @param console is told of bundles that change, a line each
   * @param exit is told the exit code when there is nothing left to run
   */
  public Host(
      Path system,
      List<Path> folders,
      Path configuration,
      Map<String, String> more,
      Consumer<String> console,
      IntConsumer exit)
      throws IOException {
    this.system = system;
    this.configuration = configuration;
    this.console = console;
    this.exit = exit;
    this.workspace = Workspace.create();
    this.framework =
        ServiceLoader.load(FrameworkFactory.class)
            .findFirst()
            .orElseThrow()
            .newFramework(settings(workspace, folders, configuration, more));
  }

  /**
   * Starts it. When this returns, all bundles are installed, and the configuration is about to be
   * read.
   *
   * @throws IOException when it cannot be started
   */
  public void start() throws IOException {
    try {
      begin();
    } catch (BundleException e) {
      throw new IOException("the framework cannot be started: " + e.getMessage(), e);
    }
  }

  private static Map<String, String> settings(
      Workspace workspace, List<Path> folders, Path configuration, Map<String, String> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put(Constants.FRAMEWORK_STORAGE, workspace.resolve("framework").toString());
    settings.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, SHARED_PACKAGES);
    settings.put("felix.log.logger", new FrameworkLog());
    settings.put("felix.fileinstall.log.default", "jul");
    settings.put("felix.fileinstall.log.level", "2");
    settings.put(
        "felix.fileinstall.dir",
        folders.stream().map(Path::toString).collect(Collectors.joining(",")));
    settings.putAll(watching(workspace));
    settings.put("drasi.host.configuration", configuration.toString());
    FrameworkLog.takeFileInstall();
    @SuppressWarnings({"unchecked", "rawtypes"}) // Felix takes its logger as an object.
    Map<String, String> given = (Map<String, String>) (Map) settings;
    return given;
  }

  /** How FileInstall watches a folder: by looking, which works on every file system. */
  private static Map<String, String> watching(Workspace workspace) {
    return Map.of(
        "felix.fileinstall.noInitialDelay", "true",
        "felix.fileinstall.poll", POLL_MILLIS,
        "felix.fileinstall.disableNio2", "true",
        "felix.fileinstall.subdir.mode", "skip",
        "felix.fileinstall.enableConfigSave", "false",
        "felix.fileinstall.tmpdir", workspace.resolve("fileinstall").toString());
  }

  private void begin() throws IOException, BundleException {
    framework.start();
    BundleContext context = framework.getBundleContext();
    context.registerService(
        IntConsumer.class, exit, FrameworkUtil.asDictionary(Map.of("drasi.host", "exit")));
    for (Bundle bundle : install(context)) {
      bundle.start(); // FileInstall comes last, and with it all bundles of its folders.
    }
    context.addBundleListener(new BundlePrinter(console));
    watch(context);
  }

  private List<Bundle> install(BundleContext context) throws IOException, BundleException {
    List<Bundle> bundles = new ArrayList<>();
    try (Stream<Path> files = Files.list(system)) {
      for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).sorted().toList()) {
        bundles.add(context.installBundle("reference:" + jar.toUri()));
      }
    }
    bundles.sort((a, b) -> Boolean.compare(isFileInstall(a), isFileInstall(b)));
    return bundles;
  }

  private static boolean isFileInstall(Bundle bundle) {
    return FILE_INSTALL.equals(bundle.getSymbolicName());
  }

  private void watch(BundleContext context) throws IOException {
    ServiceReference<ConfigurationAdmin> reference =
        context.getServiceReference(ConfigurationAdmin.class);
    if (reference == null) {
      throw new IOException("the framework has no Configuration Admin");
    }
    Map<String, String> settings = new HashMap<>(watching(workspace));
    settings.put("felix.fileinstall.dir", String.valueOf(configuration.getParent()));
    settings.put(
        "felix.fileinstall.filter", Pattern.quote(String.valueOf(configuration.getFileName())));
    context
        .getService(reference)
        .getFactoryConfiguration(FILE_INSTALL, "configuration", "?")
        .update(FrameworkUtil.asDictionary(settings));
    context.ungetService(reference);
  }

  /** Stops all bundles, and removes what was kept of them. */
  @Override
  public void close() {
    try {
      framework.stop();
      framework.waitForStop(STOP_MILLIS);
    } catch (BundleException e) {
      throw new IllegalStateException("the framework cannot be stopped", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      workspace.close();
    }
  }
}
