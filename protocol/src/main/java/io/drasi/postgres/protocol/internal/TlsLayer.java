package io.drasi.postgres.protocol.internal;

import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.SslMode;
import io.drasi.postgres.protocol.SslNegotiation;
import io.drasi.postgres.protocol.auth.AuthenticationException;
import io.drasi.postgres.protocol.internal.tls.TlsContext;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.io.IOException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * Turns a clear connection into an encrypted one, as far as the mode asks for it.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL">
 *     Manual, SSL Session Encryption</a>
 */
final class TlsLayer {
  /** What else the end of a connection may mean on which the client has shown its certificate. */
  static final String REFUSED_MAYBE = "; it may be that the server refuses ssl_cert";

  private final ConnectionConfig config;
  private final TlsContext context;

  TlsLayer(ConnectionConfig config, TlsContext context) {
    this.config = config;
    this.context = context;
  }

  /**
   * Shakes hands, after having asked the server for TLS where that is how to begin.
   *
   * @param clear a connection on which nothing was sent yet
   * @return the encrypted connection, or {@code clear} when the mode is {@code prefer} and the
   *     server has no TLS
   * @throws AuthenticationException when the server has not the TLS or the certificate it must have
   */
  Transport negotiate(SocketTransport clear) throws IOException {
    if (config.tls().negotiation() == SslNegotiation.DIRECT) {
      return handshake(clear);
    }
    new MessageWriter(clear.output()).sslRequest();
    // Read as a single byte from the socket itself: nothing that follows it in clear can end up
    // in a buffer and be taken for encrypted later (CVE-2021-23222).
    int answer = readAnswer(clear);
    return switch (answer) {
      case 'S' -> handshake(clear);
      case 'N' -> {
        if (config.sslMode() != SslMode.PREFER) {
          throw new AuthenticationException(
              "%s has no TLS, but ssl_mode is %s; set ssl = on at the server"
                  .formatted(config.address(), config.tls().modeName()));
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

  private static int readAnswer(SocketTransport clear) throws ConnectionException {
    try {
      return clear.input().read();
    } catch (IOException e) {
      throw new ConnectionException("the connection broke: " + e.getMessage(), e);
    }
  }

  private Transport handshake(SocketTransport clear) throws IOException {
    try {
      var under = new FarewellSocket(clear.tcp());
      SSLSocket tls = context.layer(under, config.host(), config.port());
      tls.startHandshake();
      if (config.tls().negotiation() == SslNegotiation.DIRECT && !TlsContext.meansPostgres(tls)) {
        throw new AuthenticationException(
            "%s does not say that it speaks PostgreSQL (ALPN), as ssl_negotiation direct needs it; set ssl_negotiation to postgres, or check host and port"
                .formatted(config.address()));
      }
      return new SocketTransport(clear.tcp(), under, tls);
    } catch (AuthenticationException e) {
      throw e;
    } catch (IOException e) {
      throw explain(e);
    }
  }

  private IOException explain(IOException e) {
    if (e.getCause() instanceof CertificateException) {
      return new AuthenticationException(
          "the certificate of %s is not accepted with ssl_mode %s: %s"
              .formatted(config.address(), config.tls().modeName(), e.getMessage()),
          e);
    }
    if (context.hasShownCertificate() && e instanceof SSLException) {
      return clientRefused(config, e);
    }
    String hint = "";
    if (context.hasShownCertificate()) { // it closes, and its alert may be lost by that
      hint = REFUSED_MAYBE;
    } else if (config.tls().negotiation() == SslNegotiation.DIRECT) {
      hint = "; ssl_negotiation direct needs PostgreSQL 17 or newer";
    }
    return new ConnectionException(
        "TLS with %s failed: %s%s".formatted(config.address(), e.getMessage(), hint), e);
  }

  /** With TLS 1.3 this comes only after the handshake, in place of the server's first message. */
  static AuthenticationException clientRefused(ConnectionConfig config, IOException e) {
    return new AuthenticationException(
        "%s refuses the client's certificate (%s); check ssl_cert, and ssl_ca_file at the server"
            .formatted(config.address(), e.getMessage()),
        e);
  }
}
