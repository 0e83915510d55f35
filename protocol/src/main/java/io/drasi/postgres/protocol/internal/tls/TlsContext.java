package io.drasi.postgres.protocol.internal.tls;

import io.drasi.postgres.protocol.ClientCertificate;
import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.TlsConfig;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What one handshake is made with. The files are read when it is made: once for each connection.
 */
public final class TlsContext {
  /** By which both sides say that they mean PostgreSQL, and no other protocol. */
  private static final String ALPN = "postgresql";

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final TlsConfig config;
  private final SSLContext context;
  private final @Nullable ClientKeyManager client;

  private TlsContext(TlsConfig config, SSLContext context, @Nullable ClientKeyManager client) {
    this.config = config;
    this.context = context;
    this.client = client;
  }

  /**
   * Reads what the settings name.
   *
   * @throws ConnectionException when a file cannot be used
   */
  public static TlsContext of(TlsConfig config) throws ConnectionException {
    SSLContext given = config.context();
    if (given != null) {
      return new TlsContext(config, given, null);
    }
    ClientCertificate certificate = config.clientCertificate();
    ClientKeyManager client =
        certificate == null ? null : new ClientKeyManager(ClientKey.read(certificate));
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          client == null ? null : new KeyManager[] {client},
          config.mode().checksCertificate()
              ? TrustManagers.of(config.authorities())
              : new TrustManager[] {new UncheckedCertificates()},
          new SecureRandom());
      return new TlsContext(config, context, client);
    } catch (GeneralSecurityException e) {
      throw new ConnectionException(
          "the certificates for TLS cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * A TLS layer upon a socket. It has not shaken hands.
   *
   * @param host the name the server's certificate must be for
   */
  public SSLSocket layer(Socket tcp, String host, int port) throws IOException {
    var tls = (SSLSocket) context.getSocketFactory().createSocket(tcp, host, port, true);
    SSLParameters parameters = tls.getSSLParameters();
    if (config.context() == null) {
      parameters.setProtocols(PROTOCOLS);
    }
    parameters.setApplicationProtocols(new String[] {ALPN});
    if (config.mode().checksHostName()) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    tls.setSSLParameters(parameters);
    return tls;
  }

  /** Whether the server has said that it means PostgreSQL too. */
  public static boolean meansPostgres(SSLSocket tls) {
    return ALPN.equals(tls.getApplicationProtocol());
  }

  /** Whether the server has asked for the client's certificate, and there was one to show. */
  public boolean hasShownCertificate() {
    return client != null && client.wasShown();
  }
}
