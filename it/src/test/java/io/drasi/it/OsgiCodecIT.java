package io.drasi.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.it.codec.VectorCodec;
import io.drasi.it.support.LinesFile;
import io.drasi.it.support.OsgiFramework;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.osgi.framework.Bundle;

/** A bundle with a codec comes and goes while a source runs. */
@ParameterizedClass
@EnumSource(OsgiFramework.Kind.class)
class OsgiCodecIT {
  private static final String CLASS = VectorCodec.class.getName();

  @Parameter OsgiFramework.Kind kind;

  @TempDir Path folder;

  @Test
  void aCodecCountsAsLongAsItsBundleIsThere() throws Exception {
    try (var database = TestDatabase.create(Servers.shared(Servers.newest()));
        var framework = OsgiFramework.start(kind, folder.resolve("framework"))) {
      database.run(VectorCodec.STATEMENTS.toArray(String[]::new));
      database.run(
          "CREATE TABLE items (id int PRIMARY KEY, place vector)",
          "CREATE PUBLICATION drasi_publication FOR TABLE items");
      framework.startAllBut();
      framework.configure(OsgiFramework.SOURCE, "shop", OsgiFramework.options(database, "shop"));
      var file = new LinesFile(folder.resolve("changes.jsonl"));
      framework.configure(OsgiFramework.SINK, "file", file.of("shop"));
      framework.awaitStatus("shop", "RUNNING");
      database.run("INSERT INTO items VALUES (1, '[1,2.5]')");
      file.await("\"place\":\"[1,2.5]\"");

      Bundle codec = framework.install(bundle());
      codec.start();
      framework.awaitStatus("shop", "RUNNING");
      database.run("INSERT INTO items VALUES (2, '[3,4.5]')");
      file.await("\"place\":[3.0,4.5]");

      codec.stop();
      framework.awaitStatus("shop", "RUNNING");
      database.run("INSERT INTO items VALUES (3, '[5,6.5]')");
      file.await("\"place\":\"[5,6.5]\"");
      assertThat(codec.getState()).isEqualTo(Bundle.RESOLVED);
    }
  }

  /** The codec as a third party would pack it. */
  private Path bundle() throws IOException {
    Path jar = folder.resolve("codec.jar");
    var manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Bundle-ManifestVersion", "2");
    attributes.putValue("Bundle-SymbolicName", "com.example.codec");
    attributes.putValue("Service-Component", "OSGI-INF/codec.xml");
    attributes.putValue(
        "Import-Package",
        "io.drasi.api.change,io.drasi.postgres.decoder.value,io.drasi.postgres.protocol.message");
    String classFile = CLASS.replace('.', '/') + ".class";
    try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        InputStream in = getClass().getClassLoader().getResourceAsStream(classFile)) {
      out.putNextEntry(new JarEntry(classFile));
      in.transferTo(out);
      out.putNextEntry(new JarEntry("OSGI-INF/codec.xml"));
      out.write(component().getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }

  private static String component() {
    return """
        <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="%1$s">
          <service><provide interface="io.drasi.postgres.decoder.value.ValueCodec"/></service>
          <implementation class="%1$s"/>
        </scr:component>
        """
        .formatted(CLASS);
  }
}
