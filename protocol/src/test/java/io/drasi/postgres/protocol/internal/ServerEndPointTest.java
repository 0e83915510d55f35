package io.drasi.postgres.protocol.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.postgres.protocol.support.TestCertificate;
import java.net.Socket;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerEndPointTest {
  @TempDir static Path folder;

  @ParameterizedTest
  @CsvSource({
    "RSA, MD5withRSA, SHA-256",
    "RSA, SHA1withRSA, SHA-256",
    "RSA, SHA256withRSA, SHA-256",
    "EC, SHA384withECDSA, SHA-384",
    "RSA, SHA512withRSA, SHA-512",
    "RSA, RSASSA-PSS, SHA-256",
  })
  void hashesTheCertificateByItsOwnSignaturesHashButNotAWeakOne(
      String key, String signature, String hash) throws Exception {
    var certificate = TestCertificate.create(folder, key, signature).certificate();

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
      assertThat(ServerEndPoint.of(socket)).isEmpty();
    }
  }
}
