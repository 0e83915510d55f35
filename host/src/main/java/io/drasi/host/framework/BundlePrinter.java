package io.drasi.host.framework;

import java.net.URI;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/** Says which bundles come, change and go, a line each. */
final class BundlePrinter implements SynchronousBundleListener {
  private final Consumer<String> console;

  BundlePrinter(Consumer<String> console) {
    this.console = console;
  }

  @Override
  public void bundleChanged(BundleEvent event) {
    switch (event.getType()) {
      case BundleEvent.INSTALLED -> say(event.getBundle(), "installed");
      case BundleEvent.UPDATED -> say(event.getBundle(), "updated");
      case BundleEvent.UNINSTALLED -> say(event.getBundle(), "uninstalled");
      default -> {
        // Between these it starts and stops, as the framework sees fit.
      }
    }
  }

  private void say(Bundle bundle, String what) {
    Path file = Path.of(URI.create(bundle.getLocation()).getPath());
    console.accept(
        "%s: %s %s is %s".formatted(file, bundle.getSymbolicName(), bundle.getVersion(), what));
  }
}
