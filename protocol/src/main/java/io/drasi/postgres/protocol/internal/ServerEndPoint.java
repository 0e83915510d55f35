package io.drasi.postgres.protocol.internal;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * What a client binds its log-in to: the hash of the server's certificate.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5929#section-4.1">RFC 5929 section 4.1</a>
 */
final class ServerEndPoint {
  private static final Pattern SIGNATURE = Pattern.compile("([A-Z0-9/-]+)WITH.+");

  private ServerEndPoint() {}

  /**
   * The {@code tls-server-end-point} data of a connection.
   *
   * @return the hash, or empty where there is no TLS, or where the certificate's signature knows no
   *     single hash (Ed25519), for which nothing is defined
   */
  static Optional<byte[]> of(Transport transport) throws SSLPeerUnverifiedException {
    Optional<SSLSession> tls = transport.tls();
    if (tls.isEmpty()) {
      return Optional.empty();
    }
    Certificate certificate = tls.get().getPeerCertificates()[0];
    return certificate instanceof X509Certificate x509 ? hash(x509) : Optional.empty();
  }

  static Optional<byte[]> hash(X509Certificate certificate) {
    try {
      Optional<String> algorithm = signatureHash(certificate);
      if (algorithm.isEmpty()) {
        return Optional.empty();
      }
      MessageDigest digest = MessageDigest.getInstance(strongEnough(algorithm.get()));
      return Optional.of(digest.digest(certificate.getEncoded()));
    } catch (GeneralSecurityException | IOException e) {
      return Optional.empty(); // a hash this Java does not know: the log-in goes on unbound
    }
  }

  /** "If the hash function is either MD5 or SHA-1, then use SHA-256." */
  private static String strongEnough(String algorithm) {
    return switch (algorithm) {
      case "MD5", "SHA1", "SHA-1" -> "SHA-256";
      default -> algorithm;
    };
  }

  /** The hash in the name of a signature algorithm: {@code SHA384withECDSA} has {@code SHA-384}. */
  private static Optional<String> signatureHash(X509Certificate certificate)
      throws GeneralSecurityException, IOException {
    String name = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
    if (name.equals("RSASSA-PSS")) {
      byte[] encoded = certificate.getSigAlgParams();
      if (encoded == null) {
        return Optional.empty();
      }
      var parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
      parameters.init(encoded);
      return Optional.of(parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm());
    }
    Matcher matcher = SIGNATURE.matcher(name);
    return matcher.matches()
        ? Optional.of(matcher.group(1).replaceFirst("^SHA(?=[0-9]{3})", "SHA-"))
        : Optional.empty();
  }
}
