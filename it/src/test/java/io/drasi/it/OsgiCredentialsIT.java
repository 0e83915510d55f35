package io.drasi.it;

import io.drasi.it.credential.Vault;
import io.drasi.it.support.OsgiFramework;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.osgi.framework.Bundle;

/** A bundle that knows passwords comes and goes. */
@ParameterizedClass
@EnumSource(OsgiFramework.Kind.class)
class OsgiCredentialsIT {
  private static final String CLASS = Vault.class.getName();
  private static final String PROPERTY = Vault.PROPERTY + "." + TestDatabase.ROLE;

  @Parameter OsgiFramework.Kind kind;

  @TempDir Path folder;

  @BeforeEach
  void fillTheVault() {
    System.setProperty(PROPERTY, TestDatabase.PASSWORD);
  }

  @AfterEach
  void emptyTheVault() {
    System.clearProperty(PROPERTY);
  }

  @Test
  void aSourceWaitsForTheProviderThatItNames() throws Exception {
    try (var database = TestDatabase.create(Servers.shared(Servers.newest()));
        var framework = OsgiFramework.start(kind, folder.resolve("framework"))) {
      database.run("CREATE PUBLICATION drasi_publication FOR ALL TABLES");
      framework.startAllBut();
      Map<String, String> options = OsgiFramework.options(database, "shop");
      options.remove(".password");
      options.put("credential_provider", "vault");
      framework.configure(OsgiFramework.SOURCE, "shop", options);
      framework.awaitStatus("shop", "there is no credential provider vault; there are []");

      Bundle vault = framework.install(bundle());
      vault.start();
      framework.awaitStatus("shop", "RUNNING");

      vault.stop();
      framework.awaitStatus("shop", "there is no credential provider vault; there are []");
    }
  }

  /** The provider as a third party would pack it. */
  private Path bundle() throws IOException {
    Path jar = folder.resolve("vault.jar");
    var manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Bundle-ManifestVersion", "2");
    attributes.putValue("Bundle-SymbolicName", "com.example.vault");
    attributes.putValue("Service-Component", "OSGI-INF/vault.xml");
    attributes.putValue("Import-Package", "io.drasi.postgres.protocol.auth");
    String classFile = CLASS.replace('.', '/') + ".class";
    try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        InputStream in = getClass().getClassLoader().getResourceAsStream(classFile)) {
      out.putNextEntry(new JarEntry(classFile));
      in.transferTo(out);
      out.putNextEntry(new JarEntry("OSGI-INF/vault.xml"));
      out.write(component().getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }

  private static String component() {
    return """
        <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="%1$s">
          <service>
            <provide interface="io.drasi.postgres.protocol.auth.CredentialProvider"/>
          </service>
          <implementation class="%1$s"/>
        </scr:component>
        """
        .formatted(CLASS);
  }
}
