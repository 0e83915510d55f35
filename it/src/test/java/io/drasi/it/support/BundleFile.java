package io.drasi.it.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.Constants;

/** The jars of bundles. */
public final class BundleFile {
  private BundleFile() {}

  /** The example of a bundle by somebody else: a bootstrap provider of kind {@code csv}. */
  public static Path csvExample() {
    return Path.of(System.getProperty("drasi.root"))
        .resolve("examples/target/builds/bootstrap-csv/target/bootstrap-csv-1.0.0.jar");
  }

  /** Puts a bundle of another version than the packaged one into a place, at once. */
  public static void copy(Path packaged, String version, Path place) throws IOException {
    Path part = place.resolveSibling(place.getFileName() + ".part");
    try (var original = new JarFile(packaged.toFile())) {
      Manifest manifest = original.getManifest();
      manifest.getMainAttributes().putValue(Constants.BUNDLE_VERSION, version);
      try (var out = new JarOutputStream(Files.newOutputStream(part), manifest)) {
        for (JarEntry entry : Collections.list(original.entries())) {
          if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
            out.putNextEntry(new JarEntry(entry.getName()));
            original.getInputStream(entry).transferTo(out);
          }
        }
      }
    }
    Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
  }
}
