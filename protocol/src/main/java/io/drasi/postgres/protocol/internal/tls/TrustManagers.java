package io.drasi.postgres.protocol.internal.tls;

import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.TrustedAuthorities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whose signature under a server's certificate is believed. */
final class TrustManagers {
  /** Where distributions keep the system's authorities: Debian, Fedora, openSUSE, RHEL, Alpine. */
  private static final List<Path> SYSTEM_FILES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"),
          Path.of("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
          Path.of("/etc/ssl/cert.pem"));

  private static final String ROOT_CERT = "ssl_root_cert";

  private TrustManagers() {}

  static TrustManager[] of(TrustedAuthorities authorities)
      throws ConnectionException, GeneralSecurityException {
    if (authorities instanceof TrustedAuthorities.InFile pem) {
      return trusting(store(CertificateFile.read(ROOT_CERT, pem.file()).certificates()));
    }
    return authorities instanceof TrustedAuthorities.OfSystem
        ? trusting(systemStore())
        : trusting(null);
  }

  /** Null stands for Java's own. */
  private static TrustManager[] trusting(@Nullable KeyStore store) throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyStore systemStore() throws ConnectionException, GeneralSecurityException {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    if (system.startsWith("windows")) {
      return loaded("Windows-ROOT");
    }
    String file = System.getenv("SSL_CERT_FILE");
    if (file == null && system.startsWith("mac")) {
      return loaded("KeychainStore");
    }
    Path path = file == null ? firstOf(SYSTEM_FILES) : Path.of(file);
    return store(CertificateFile.read(ROOT_CERT, path).certificates());
  }

  private static Path firstOf(List<Path> files) throws ConnectionException {
    return files.stream()
        .filter(Files::isReadable)
        .findFirst()
        .orElseThrow(
            () ->
                new ConnectionException(
                    "the system's authorities (ssl_root_cert system) are in none of %s; name their file in SSL_CERT_FILE"
                        .formatted(files),
                    null));
  }

  private static KeyStore loaded(String type) throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(type);
    load(store);
    return store;
  }

  private static KeyStore store(List<X509Certificate> certificates)
      throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    load(store);
    for (int i = 0; i < certificates.size(); i++) {
      store.setCertificateEntry("authority-" + i, certificates.get(i));
    }
    return store;
  }

  private static void load(KeyStore store) throws GeneralSecurityException {
    try {
      store.load(null, null);
    } catch (IOException e) {
      throw new GeneralSecurityException("the store cannot be opened: " + e.getMessage(), e);
    }
  }
}
