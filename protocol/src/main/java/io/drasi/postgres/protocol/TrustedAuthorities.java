package io.drasi.postgres.protocol;

import java.nio.file.Path;
import java.util.Objects;

/** Whose signature under a server's certificate is believed. Read anew for each connection. */
public sealed interface TrustedAuthorities {
  /**
   * Java's trust store: the one that the system properties {@code javax.net.ssl.trustStore…} name,
   * or the one that came with this Java.
   */
  record OfJava() implements TrustedAuthorities {}

  /**
   * The operating system's: the Keychain, Windows' root store, or the file of certificates that
   * Linux distributions keep; {@code SSL_CERT_FILE} in the environment names another one.
   */
  record OfSystem() implements TrustedAuthorities {}

  /**
   * The certificates in a file, and no others.
   *
   * @param file one certificate or several, as PEM
   */
  record InFile(Path file) implements TrustedAuthorities {
    public InFile {
      Objects.requireNonNull(file, "file");
    }
  }
}
