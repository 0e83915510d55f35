package io.drasi.postgres.protocol.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.postgres.protocol.support.TestCertificate;
import java.net.Socket;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerEndPointTest {
  @TempDir static Path folder;

  @ParameterizedTest
  @CsvSource({
    "RSA, 2048, MD5withRSA, SHA-256",
    "RSA, 2048, SHA1withRSA, SHA-256",
    "RSA, 2048, SHA256withRSA, SHA-256",
    "EC, 256, SHA384withECDSA, SHA-384",
    "RSA, 2048, SHA512withRSA, SHA-512",
  })
  void hashesTheCertificateByItsOwnSignaturesHashButNotAWeakOne(
      String key, String size, String signature, String hash) throws Exception {
    var certificate =
        TestCertificate.create(folder, key, signature, "-keysize", size).certificate();

    byte[] expected = MessageDigest.getInstance(hash).digest(certificate.getEncoded());
    assertThat(ServerEndPoint.hash(certificate)).contains(expected);
  }

  /** Which hash keytool takes depends on the JDK: it stands, as an OID, in the parameters. */
  @Test
  void findsTheHashOfRsassaPssInItsParameters() throws Exception {
    var certificate = TestCertificate.create(folder, "RSA", "RSASSA-PSS").certificate();
    String parameters = HexFormat.of().formatHex(certificate.getSigAlgParams());
    String hash = parameters.contains("608648016503040201") ? "SHA-256" : "SHA-384";

    byte[] expected = MessageDigest.getInstance(hash).digest(certificate.getEncoded());
    assertThat(ServerEndPoint.hash(certificate)).contains(expected);
  }

  @Test
  void hasNothingForASignatureWithoutASingleHash() throws Exception {
    var certificate = TestCertificate.create(folder, "Ed25519", "Ed25519").certificate();

    assertThat(ServerEndPoint.hash(certificate)).isEmpty();
  }

  @Test
  void hasNothingForAConnectionInClear() throws Exception {
    try (var socket = new Socket()) {
      assertThat(ServerEndPoint.of(new SocketTransport(socket))).isEmpty();
    }
  }
}
