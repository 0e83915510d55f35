package com.example.bootstrap.csv;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.bootstrap.BootstrapProviderFactory;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;

/** What makes it a module and a bundle, and not only classes. */
class PackagingTest {
  private static final String MODULE = "com.example.bootstrap.csv";
  private static final String FACTORY = MODULE + ".internal.CsvBootstrapProviderFactory";

  @Test
  void isFoundOnTheModulePath() throws Exception {
    var finder =
        ModuleFinder.of(home(CsvBootstrapProvider.class), home(BootstrapProviderFactory.class));
    var boot = ModuleLayer.boot();
    var configuration = boot.configuration().resolve(finder, ModuleFinder.of(), Set.of(MODULE));
    var layer = boot.defineModulesWithOneLoader(configuration, null);
    Class<?> service = layer.findLoader(MODULE).loadClass(BootstrapProviderFactory.class.getName());

    assertThat(ServiceLoader.load(layer, service).stream())
        .extracting(provider -> provider.type().getName())
        .containsExactly(FACTORY);
  }

  @Test
  void isOfferedAsAServiceInOsgi() throws Exception {
    Path classes = home(CsvBootstrapProvider.class);
    try (var file = Files.newInputStream(classes.resolve("META-INF/MANIFEST.MF"))) {
      var manifest = new Manifest(file).getMainAttributes();

      assertThat(manifest.getValue("Bundle-SymbolicName")).isEqualTo(MODULE);
      assertThat(manifest.getValue("Export-Package")).startsWith(MODULE + ";version=\"1.0.0\"");
      assertThat(manifest.getValue("Service-Component")).isEqualTo("OSGI-INF/" + FACTORY + ".xml");
      assertThat(manifest.getValue("Provide-Capability"))
          .contains("osgi.service", BootstrapProviderFactory.class.getName());
      assertThat(manifest.getValue("Import-Package"))
          .contains("io.drasi.api.bootstrap;version=\"[1.0,2)\"");
    }
    assertThat(classes.resolve("OSGI-INF/" + FACTORY + ".xml"))
        .content()
        .contains("<property name=\"drasi.kind\" type=\"String\" value=\"csv\"/>");
  }

  private static Path home(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
