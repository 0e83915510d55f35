package io.drasi.postgres.protocol.internal.tls;

import io.drasi.postgres.protocol.ClientCertificate;
import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.auth.Password;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.KeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The client's private key and its certificates, its own first. Prints neither.
 *
 * @param key the key
 * @param chain the certificates
 */
record ClientKey(PrivateKey key, List<X509Certificate> chain) {
  private static final String SSL_KEY = "ssl_key";
  private static final String SSL_CERT = "ssl_cert";

  /** Reads the files. */
  static ClientKey read(ClientCertificate files) throws ConnectionException {
    CertificateFile keyFile = CertificateFile.read(SSL_KEY, files.key());
    return keyFile.isPem()
        ? ofPem(keyFile, files.certificate(), files.keyPassword())
        : ofStore(keyFile, files);
  }

  private static ClientKey ofPem(
      CertificateFile keyFile, @Nullable Path certificate, Password password)
      throws ConnectionException {
    List<X509Certificate> chain =
        certificate == null
            ? keyFile.certificates()
            : CertificateFile.read(SSL_CERT, certificate).certificates();
    return new ClientKey(pemKey(keyFile, chain.get(0), password), chain);
  }

  private static PrivateKey pemKey(
      CertificateFile file, X509Certificate certificate, Password password)
      throws ConnectionException {
    CertificateFile.Block block =
        file.first("PRIVATE KEY")
            .orElseThrow(() -> file.problem("holds no private key in PEM", null));
    try {
      KeySpec spec =
          switch (block.label()) {
            case "PRIVATE KEY" -> new PKCS8EncodedKeySpec(block.der());
            case "ENCRYPTED PRIVATE KEY" -> decrypt(file, block.der(), password);
            default ->
                throw file.problem(
                    "holds a key in the form %s; PKCS#8 is needed: run openssl pkcs8 -topk8 -in <old file> -out <new file>"
                        .formatted(block.label()),
                    null);
          };
      return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
          .generatePrivate(spec);
    } catch (GeneralSecurityException e) {
      throw file.problem("holds no private key that fits the certificate in ssl_cert", e);
    }
  }

  /** PBES2 (RFC 8018), whose parts Java names only where it prints the parameters. */
  private static KeySpec decrypt(CertificateFile file, byte[] der, Password password)
      throws ConnectionException {
    if (password.isEmpty()) {
      throw file.problem("is encrypted; set ssl_key_password", null);
    }
    char[] characters = password.toCharArray();
    try {
      var encrypted = new EncryptedPrivateKeyInfo(der);
      String algorithm =
          encrypted.getAlgName().equals("PBES2")
              ? encrypted.getAlgParameters().toString()
              : encrypted.getAlgName();
      Cipher cipher = Cipher.getInstance(algorithm);
      cipher.init(
          Cipher.DECRYPT_MODE,
          SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(characters)),
          encrypted.getAlgParameters());
      return encrypted.getKeySpec(cipher);
    } catch (IOException | GeneralSecurityException e) {
      throw file.problem("cannot be decrypted; check ssl_key_password", e);
    } finally {
      Arrays.fill(characters, '\0');
    }
  }

  private static ClientKey ofStore(CertificateFile file, ClientCertificate files)
      throws ConnectionException {
    if (files.certificate() != null) {
      throw file.problem(
          "is no PEM; where it is a PKCS#12 store it holds the certificate too, so leave ssl_cert out",
          null);
    }
    char[] password = files.keyPassword().toCharArray();
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(file.content()), password);
      for (String alias : Collections.list(store.aliases())) {
        Key key = store.isKeyEntry(alias) ? store.getKey(alias, password) : null;
        if (key instanceof PrivateKey privateKey) {
          return new ClientKey(privateKey, x509(store.getCertificateChain(alias)));
        }
      }
    } catch (IOException | GeneralSecurityException e) {
      throw file.problem(
          "is neither PEM nor a PKCS#12 store that can be opened; check ssl_key_password", e);
    } finally {
      Arrays.fill(password, '\0');
    }
    throw file.problem("is a PKCS#12 store without a private key", null);
  }

  private static List<X509Certificate> x509(Certificate[] chain) {
    return Arrays.stream(chain).map(X509Certificate.class::cast).toList();
  }

  /** The certificates' own name; no key. */
  @Override
  public String toString() {
    return "ClientKey[" + chain.get(0).getSubjectX500Principal() + "]";
  }
}
