package io.drasi.it.fuzz;

import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.SslMode;
import io.drasi.postgres.protocol.auth.Password;
import io.drasi.postgres.protocol.internal.tls.TlsContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of certificates and keys, as authorities and as the client's own. */
public final class Certificates {
  private Certificates() {}

  /** Uses it, or refuses it. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Path file = Files.createTempFile("fuzz", ".pem");
    try {
      Files.write(file, input);
      ConnectionConfig.Builder builder =
          ConnectionConfig.builder()
              .withDatabase("shop")
              .withUser("app")
              .withSslMode(SslMode.VERIFY_FULL);
      use(builder.withSslRootCert(file).build());
      use(builder.withSslKey(file).withSslKeyPassword(Password.of("pencil")).build());
    } finally {
      Files.delete(file);
    }
  }

  private static void use(ConnectionConfig config) {
    try {
      TlsContext.of(config.tls());
    } catch (ConnectionException e) {
      Checks.requireMessage(e);
    }
  }
}
