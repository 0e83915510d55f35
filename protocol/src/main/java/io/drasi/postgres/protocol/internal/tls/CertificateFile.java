package io.drasi.postgres.protocol.internal.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.drasi.postgres.protocol.ConnectionException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of certificates or keys, as it is read for one connection. What is wrong with it may be
 * mended while the source runs, so it is a {@link ConnectionException}: tried again.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7468">RFC 7468, PEM</a>
 */
final class CertificateFile {
  /** The authorities of a whole system take 250 kB. */
  private static final int MAX_BYTES = 4 * 1024 * 1024;

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----\\s([^-]*+)-----END \\1-----");

  private final String option;
  private final Path path;
  private final byte[] content;

  private CertificateFile(String option, Path path, byte[] content) {
    this.option = option;
    this.path = path;
    this.content = content;
  }

  /** What stands between BEGIN and END, and what both say that it is. */
  static final class Block {
    private final String label;
    private final byte[] der;

    private Block(String label, byte[] der) {
      this.label = label;
      this.der = der;
    }

    String label() {
      return label;
    }

    byte[] der() {
      return der.clone();
    }
  }

  /**
   * Reads a file.
   *
   * @param option the option that names it, for messages
   */
  static CertificateFile read(String option, Path path) throws ConnectionException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] content = in.readNBytes(MAX_BYTES + 1);
      var file = new CertificateFile(option, path, content);
      if (content.length > MAX_BYTES) {
        throw file.problem("is larger than %d bytes".formatted(MAX_BYTES), null);
      }
      return file;
    } catch (NoSuchFileException e) {
      throw new ConnectionException("the file %s (%s) is not there".formatted(path, option), e);
    } catch (ConnectionException e) {
      throw e;
    } catch (IOException e) {
      throw new ConnectionException(
          "the file %s (%s) cannot be read: %s".formatted(path, option, e), e);
    }
  }

  /** Says what is wrong with it. */
  ConnectionException problem(String what, @Nullable Exception cause) {
    return new ConnectionException("the file %s (%s) %s".formatted(path, option, what), cause);
  }

  byte[] content() {
    return content;
  }

  /** Whether it is text in PEM; if not, it may be a PKCS#12 store. */
  boolean isPem() {
    return new String(content, ISO_8859_1).contains("-----BEGIN ");
  }

  /** Its PEM blocks, in order. */
  List<Block> blocks() throws ConnectionException {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(new String(content, ISO_8859_1));
    while (matcher.find()) {
      try {
        byte[] der = Base64.getMimeDecoder().decode(matcher.group(2));
        blocks.add(new Block(matcher.group(1), der));
      } catch (IllegalArgumentException e) {
        throw problem("is not PEM: base64 is broken in a block " + matcher.group(1), e);
      }
    }
    return blocks;
  }

  /** Its first block whose label ends so. */
  Optional<Block> first(String labelEnding) throws ConnectionException {
    return blocks().stream().filter(block -> block.label().endsWith(labelEnding)).findFirst();
  }

  /** Its certificates, of which there must be one at least. */
  List<X509Certificate> certificates() throws ConnectionException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks()) {
      if (block.label().equals("CERTIFICATE") || block.label().equals("X509 CERTIFICATE")) {
        certificates.add(certificate(block.der()));
      }
    }
    if (certificates.isEmpty()) {
      throw problem("holds no certificate in PEM (-----BEGIN CERTIFICATE-----)", null);
    }
    return certificates;
  }

  private X509Certificate certificate(byte[] der) throws ConnectionException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw problem("holds a certificate that cannot be read: " + e.getMessage(), e);
    }
  }
}
