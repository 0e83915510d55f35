package io.drasi.postgres.protocol;

import java.util.Locale;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Whether and how a connection is encrypted. Valid by construction: what would have no effect is
 * refused.
 *
 * @param mode whether, and how far the server's certificate is checked
 * @param negotiation how both sides agree on it
 * @param authorities who may have signed the server's certificate
 * @param clientCertificate who the client is, or null when it does not say by a certificate
 * @param context what decides about certificates in place of the two before, or null
 */
public record TlsConfig(
    SslMode mode,
    SslNegotiation negotiation,
    TrustedAuthorities authorities,
    @Nullable ClientCertificate clientCertificate,
    @Nullable SSLContext context) {
  public TlsConfig {
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(negotiation, "negotiation");
    Objects.requireNonNull(authorities, "authorities");
    if (negotiation == SslNegotiation.DIRECT && !mode.isAlwaysEncrypted()) {
      throw new IllegalArgumentException(
          "ssl_negotiation direct needs ssl_mode require, verify-ca or verify-full, was "
              + optionName(mode));
    }
    if (authorities instanceof TrustedAuthorities.InFile && !mode.checksCertificate()) {
      throw new IllegalArgumentException(
          "ssl_root_cert has no effect with ssl_mode %s, which checks no certificate; set verify-full or verify-ca"
              .formatted(optionName(mode)));
    }
    if (authorities instanceof TrustedAuthorities.OfSystem && mode != SslMode.VERIFY_FULL) {
      throw new IllegalArgumentException(
          "ssl_root_cert system needs ssl_mode verify-full, was %s: anybody can have a certificate of a public authority, but not for any name"
              .formatted(optionName(mode)));
    }
    if (mode == SslMode.DISABLE && (clientCertificate != null || context != null)) {
      throw new IllegalArgumentException(
          "a client certificate (ssl_cert, ssl_key) or an SSLContext has no effect with ssl_mode disable");
    }
    if (context != null
        && (clientCertificate != null || !(authorities instanceof TrustedAuthorities.OfJava))) {
      throw new IllegalArgumentException(
          "an SSLContext decides about certificates by itself: ssl_root_cert, ssl_cert and ssl_key have no effect beside it");
    }
  }

  private static String optionName(SslMode mode) {
    return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The mode as the option {@code ssl_mode} has it. */
  public String modeName() {
    return optionName(mode);
  }
}
