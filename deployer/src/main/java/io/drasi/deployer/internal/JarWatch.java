package io.drasi.deployer.internal;

import java.io.File;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Says of jars that are no bundles that they are none, which FileInstall passes over in silence. It
 * takes none of them: FileInstall goes on asking, and finds the bundle that replaces it.
 */
@Component(service = ArtifactInstaller.class)
public final class JarWatch implements ArtifactInstaller {
  private final Console console;

  /** When the files were changed about which something was said. */
  private final Map<File, Long> said = new ConcurrentHashMap<>();

  /** For Declarative Services. */
  @Activate
  public JarWatch(@Reference Console console) {
    this.console = console;
  }

  /** Never. */
  @Override
  public boolean canHandle(File artifact) {
    if (artifact.getName().endsWith(".jar") && artifact.isFile()) {
      String problem = problemOf(artifact);
      Long changed = artifact.lastModified();
      if (problem != null && !changed.equals(said.put(artifact, changed))) {
        console.say("%s: is not installed: %s".formatted(artifact, problem));
      }
    }
    return false;
  }

  @Override
  public void install(File artifact) {
    throw new IllegalStateException("not taken: " + artifact);
  }

  @Override
  public void update(File artifact) {
    throw new IllegalStateException("not taken: " + artifact);
  }

  @Override
  public void uninstall(File artifact) {
    throw new IllegalStateException("not taken: " + artifact);
  }

  private static @Nullable String problemOf(File file) {
    try (var jar = new JarFile(file)) {
      Manifest manifest = jar.getManifest();
      boolean isBundle =
          manifest != null
              && manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME) != null;
      return isBundle ? null : "it is no bundle, its manifest has no Bundle-SymbolicName";
    } catch (IOException e) {
      return "it is no jar: " + e.getMessage();
    }
  }
}
