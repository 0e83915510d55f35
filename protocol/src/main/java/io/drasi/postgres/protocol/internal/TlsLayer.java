package io.drasi.postgres.protocol.internal;

import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.SslMode;
import io.drasi.postgres.protocol.auth.AuthenticationException;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Turns a clear connection into an encrypted one, as far as the mode asks for it.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL">
 *     Manual, SSL Session Encryption</a>
 */
final class TlsLayer {
  private TlsLayer() {}

  /**
   * Asks the server for TLS and shakes hands.
   *
   * @param clear a connection on which nothing was sent yet
   * @return the encrypted connection, or {@code clear} when the mode is {@code prefer} and the
   *     server has no TLS
   * @throws AuthenticationException when the server has not the TLS or the certificate it must have
   */
  static Transport negotiate(Transport clear, ConnectionConfig config) throws IOException {
    new MessageWriter(clear.output()).sslRequest();
    // Read as a single byte from the socket itself: nothing that follows it in clear can end up
    // in a buffer and be taken for encrypted later (CVE-2021-23222).
    int answer = readAnswer(clear);
    return switch (answer) {
      case 'S' -> handshake(clear, config);
      case 'N' -> {
        if (config.sslMode() != SslMode.PREFER) {
          throw new AuthenticationException(
              "%s has no TLS, but ssl_mode is %s; set ssl = on at the server"
                  .formatted(config.address(), optionName(config.sslMode())));
        }
        yield clear;
      }
      // Its text is in clear, from whoever it is: not to be believed (CVE-2024-10977).
      case 'E' ->
          throw new ConnectionException(
              "%s answers the request for TLS with an error; its log tells which"
                  .formatted(config.address()),
              null);
      case -1 -> throw new ConnectionException("the server closed the connection", null);
      default ->
          throw new ProtocolException(
              "the answer to SSLRequest must be S or N, was "
                  + ProtocolException.printable((byte) answer));
    };
  }

  private static int readAnswer(Transport clear) throws ConnectionException {
    try {
      return clear.input().read();
    } catch (IOException e) {
      throw new ConnectionException("the connection broke: " + e.getMessage(), e);
    }
  }

  private static String optionName(SslMode mode) {
    return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Transport handshake(Transport clear, ConnectionConfig config) throws IOException {
    try {
      var tls =
          (SSLSocket)
              contextFor(config.sslMode())
                  .getSocketFactory()
                  .createSocket(clear.tcp(), config.host(), config.port(), true);
      if (config.sslMode() == SslMode.VERIFY_FULL) {
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
      }
      tls.startHandshake();
      return new Transport(clear.tcp(), tls);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    } catch (IOException e) {
      if (e.getCause() instanceof CertificateException) {
        throw new AuthenticationException(
            "the certificate of %s is not accepted with ssl_mode %s: %s"
                .formatted(config.address(), optionName(config.sslMode()), e.getMessage()),
            e);
      }
      throw new ConnectionException(
          "TLS with %s failed: %s".formatted(config.address(), e.getMessage()), e);
    }
  }

  private static SSLContext contextFor(SslMode mode) throws GeneralSecurityException {
    if (mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL) {
      return SSLContext.getDefault();
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new UncheckedCertificates()}, new SecureRandom());
    return context;
  }

  /**
   * Accepts every certificate, which is what {@code prefer} and {@code require} promise. Extended,
   * so that Java does not check the certificate's algorithms on its own.
   */
  private static final class UncheckedCertificates extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {
      throw new UnsupportedOperationException("no clients here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
      throw new UnsupportedOperationException("no clients here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
      throw new UnsupportedOperationException("no clients here");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
