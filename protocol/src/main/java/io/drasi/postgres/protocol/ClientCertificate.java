package io.drasi.postgres.protocol;

import io.drasi.postgres.protocol.auth.Password;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * With what the client proves to the server who it is. Read anew for each connection, so that a
 * certificate can be replaced while sessions come and go.
 *
 * @param certificate the certificate, followed by those that signed it, as PEM; null where the file
 *     of the key holds them too
 * @param key the private key: PKCS#8 as PEM, encrypted or not; or a PKCS#12 store, which holds the
 *     certificates too
 * @param keyPassword what the key or the store is encrypted with; empty when it is not
 */
public record ClientCertificate(@Nullable Path certificate, Path key, Password keyPassword) {
  public ClientCertificate {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(keyPassword, "keyPassword");
  }
}
