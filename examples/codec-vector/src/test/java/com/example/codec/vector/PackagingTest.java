package com.example.codec.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.postgres.decoder.value.ValueCodec;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;

/** What makes it a bundle, and not only classes. */
class PackagingTest {

  @Test
  void isOfferedAsAServiceInOsgi() throws Exception {
    Path classes = home(VectorCodec.class);
    try (var file = Files.newInputStream(classes.resolve("META-INF/MANIFEST.MF"))) {
      var manifest = new Manifest(file).getMainAttributes();

      assertThat(manifest.getValue("Bundle-SymbolicName")).isEqualTo("com.example.codec.vector");
      assertThat(manifest.getValue("Service-Component"))
          .isEqualTo("OSGI-INF/com.example.codec.vector.VectorCodec.xml");
      assertThat(manifest.getValue("Provide-Capability"))
          .contains("osgi.service", ValueCodec.class.getName());
      assertThat(manifest.getValue("Import-Package"))
          .contains("io.drasi.postgres.decoder.value;version=\"[1.0,2)\"");
    }
  }

  private static Path home(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
