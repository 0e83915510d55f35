package io.drasi.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.it.support.OsgiFramework;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bundles that the tests install, that resolve, and that the README lists are the same. */
class BundleListIT {
  private static final Path ROOT = Path.of(System.getProperty("drasi.root"));
  private static final Path BUNDLES = Path.of(System.getProperty("osgi.bundles"));

  /** In a run file: the symbolic name, and the least version. */
  private static final Pattern RUN_BUNDLE =
      Pattern.compile("\\s([\\w.-]+);version='\\[(\\d+\\.\\d+\\.\\d+),");

  /** In the README: the artifact, and its version where it is not the project's. */
  private static final Pattern LISTED = Pattern.compile("`([\\w.-]+)`(?: (\\d+\\.\\d+\\.\\d+))?");

  private static Attributes manifest(String artifact) throws IOException {
    try (var jar = new JarFile(BUNDLES.resolve(artifact + ".jar").toFile())) {
      return jar.getManifest().getMainAttributes();
    }
  }

  private static String version(Attributes manifest) {
    String[] parts = manifest.getValue("Bundle-Version").split("\\.", -1);
    return String.join(".", parts[0], parts[1], parts[2]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"felix.bndrun", "equinox.bndrun"})
  void whatTheTestsInstallIsWhatResolves(String file) throws Exception {
    Map<String, String> installed = new TreeMap<>();
    for (String artifact : OsgiFramework.allBundles()) {
      Attributes manifest = manifest(artifact);
      installed.put(manifest.getValue("Bundle-SymbolicName"), version(manifest));
    }

    Map<String, String> resolved = new TreeMap<>();
    Matcher bundle = RUN_BUNDLE.matcher(Files.readString(ROOT.resolve("frameworks").resolve(file)));
    while (bundle.find()) {
      resolved.put(bundle.group(1), bundle.group(2));
    }
    assertThat(installed).isEqualTo(resolved);
  }

  @Test
  void theReadmeListsThem() throws Exception {
    Map<String, String> installed = new TreeMap<>();
    for (String artifact : OsgiFramework.allBundles()) {
      installed.put(artifact, artifact.startsWith("drasi-") ? "" : version(manifest(artifact)));
    }

    String readme = Files.readString(ROOT.resolve("README.md"));
    String section = readme.substring(readme.indexOf("### Install it into an OSGi container"));
    Map<String, String> listed = new TreeMap<>();
    for (String row : section.substring(0, section.indexOf("\n### ")).lines().toList()) {
      Matcher bundle = LISTED.matcher(row.startsWith("| `") ? row.split("\\|", -1)[1] : "");
      while (bundle.find()) {
        listed.put(bundle.group(1), bundle.group(2) == null ? "" : bundle.group(2));
      }
    }
    listed.remove("org.slf4j"); // a package, of whichever bundle
    assertThat(listed).isEqualTo(installed);
  }
}
