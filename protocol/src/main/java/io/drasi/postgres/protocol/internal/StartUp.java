package io.drasi.postgres.protocol.internal;

import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.ServerAddress;
import io.drasi.postgres.protocol.ServerErrorException;
import io.drasi.postgres.protocol.SessionMode;
import io.drasi.postgres.protocol.SslMode;
import io.drasi.postgres.protocol.auth.Password;
import io.drasi.postgres.protocol.auth.SaslMechanism;
import io.drasi.postgres.protocol.internal.tls.TlsContext;
import io.drasi.postgres.protocol.message.BackendMessage;
import io.drasi.postgres.protocol.message.BackendMessage.BackendKeyData;
import io.drasi.postgres.protocol.message.BackendMessage.ParameterStatus;
import io.drasi.postgres.protocol.message.BackendMessage.ReadyForQuery;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Everything between nothing and a session that is ready for its first command: connecting, TLS,
 * start-up, authentication. The one path for every connection.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP">
 *     Manual, Start-up</a>
 */
public final class StartUp {
  private static final String INVALID_AUTHORIZATION = "28000";

  private final ConnectionConfig config;
  private final SessionMode mode;
  private final List<SaslMechanism> mechanisms;
  private final Passwords passwords;
  private final ClearConnections clearConnections;
  private final NameLookups lookups;
  private Password password = Password.none();
  private boolean authenticationBegun;

  /** A start-up; {@link #run} does it. */
  public StartUp(
      ConnectionConfig config,
      SessionMode mode,
      List<SaslMechanism> mechanisms,
      Passwords passwords,
      ClearConnections clearConnections,
      NameLookups lookups) {
    this.config = config;
    this.mode = mode;
    this.mechanisms = mechanisms;
    this.passwords = passwords;
    this.clearConnections = clearConnections;
    this.lookups = lookups;
  }

  /**
   * Connects.
   *
   * @param giveUp can end it from another thread
   * @throws ConnectionException when the server cannot be reached
   * @throws ServerErrorException when the server refuses
   * @throws io.drasi.postgres.protocol.auth.AuthenticationException when we refuse
   */
  public Wire run(GiveUp giveUp) throws IOException {
    password = passwords.find(config);
    if (isInClear(config)) {
      return attempt(giveUp, null);
    }
    TlsContext tls = TlsContext.of(config.tls());
    try {
      return attempt(giveUp, tls);
    } catch (IOException encrypted) {
      if (config.sslMode() != SslMode.PREFER || giveUp.isGiven() || !mayWorkInClear(encrypted)) {
        throw encrypted;
      }
      return attemptInClear(giveUp, encrypted);
    }
  }

  /** As libpq has it, TLS is for TCP alone. */
  private static boolean isInClear(ConnectionConfig config) {
    return config.sslMode() == SslMode.DISABLE || config.servers().get(0).isUnixSocket();
  }

  /**
   * What libpq tries again in clear: no handshake, or no line in pg_hba.conf for TLS. Not what goes
   * wrong later, such as a channel binding that shows somebody in the middle.
   */
  private boolean mayWorkInClear(IOException e) {
    return e instanceof ServerErrorException refused
        ? refused.sqlState().equals(INVALID_AUTHORIZATION) && !authenticationBegun
        : e instanceof ConnectionException && e.getCause() instanceof SSLException;
  }

  private Wire attemptInClear(GiveUp giveUp, IOException encrypted) throws IOException {
    try {
      Wire wire = attempt(giveUp, null);
      noteClear(wire.transport(), String.valueOf(encrypted.getMessage()));
      return wire;
    } catch (IOException e) {
      encrypted.addSuppressed(e);
      throw encrypted;
    }
  }

  private void noteClear(Transport transport, String why) {
    clearConnections.note(config.address(), transport.leavesThisMachine(), why);
  }

  /**
   * Connects once.
   *
   * @param tls with what to encrypt, or null for a connection in clear
   */
  private Wire attempt(GiveUp giveUp, @Nullable TlsContext tls) throws IOException {
    Transport clear = connect(giveUp);
    var deadline = Deadline.start(clear, config.loginTimeout());
    Wire wire;
    try (deadline) {
      wire =
          logIn(
              tls != null && clear instanceof SocketTransport tcp ? encrypt(tcp, tls) : clear, tls);
    } catch (Throwable e) {
      clear.close();
      if (deadline.isExpired()) {
        throw tooSlow(config, e);
      }
      throw e;
    }
    if (deadline.isExpired()) {
      throw tooSlow(config, null);
    }
    wire.transport().loggedIn();
    return wire;
  }

  private Transport connect(GiveUp giveUp) throws ConnectionException {
    ServerAddress server = config.servers().get(0);
    return server.isUnixSocket()
        ? UnixTransport.connect(server, giveUp)
        : SocketTransport.connect(config, lookups, giveUp);
  }

  private static ConnectionException tooSlow(ConnectionConfig config, @Nullable Throwable cause) {
    return new ConnectionException(
        "the log-in at %s took longer than %d ms"
            .formatted(config.address(), config.loginTimeout().toMillis()),
        cause);
  }

  private Transport encrypt(SocketTransport clear, TlsContext tls) throws IOException {
    Transport transport = new TlsLayer(config, tls).negotiate(clear);
    if (transport == clear) {
      noteClear(clear, "the server has no TLS");
    }
    return transport;
  }

  private Wire logIn(Transport transport, @Nullable TlsContext tls) throws IOException {
    try {
      return logIn(transport);
    } catch (ConnectionException e) {
      if (tls == null || !tls.hasShownCertificate()) {
        throw e;
      }
      throw e.getCause() instanceof SSLException alert
          ? TlsLayer.clientRefused(config, alert)
          : new ConnectionException(e.getMessage() + TlsLayer.REFUSED_MAYBE, e);
    }
  }

  private Wire logIn(Transport transport) throws IOException {
    var reader = new MessageReader(transport.input());
    var writer = new MessageWriter(transport.output());
    writer.startUp(parameters());
    var messages = new StartUpMessages(config, reader);
    var authenticator =
        new Authenticator(config, mechanisms, messages, writer, transport, password);
    String authentication;
    try {
      authentication = authenticator.authenticate();
    } finally {
      authenticationBegun = authenticator.isAnswered();
    }
    Map<String, String> settings = new HashMap<>();
    @Nullable BackendKeyData key = null;
    while (true) {
      BackendMessage message = messages.next();
      if (message instanceof ParameterStatus status) {
        settings.put(status.name(), status.value());
      } else if (message instanceof BackendKeyData data) {
        key = data;
      } else if (message instanceof ReadyForQuery) {
        return new Wire(transport, reader, writer, Map.copyOf(settings), authentication, key);
      } else {
        throw new ProtocolException("start-up: unexpected " + message.getClass().getSimpleName());
      }
    }
  }

  /**
   * What the server is told at start-up. The settings fix how values are printed, whatever the
   * role's and the database's defaults are.
   */
  private Map<String, String> parameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("user", config.user());
    parameters.put("database", config.database());
    if (mode == SessionMode.REPLICATION) {
      parameters.put("replication", "database");
    }
    parameters.put("application_name", config.applicationName());
    parameters.put("client_encoding", "UTF8");
    parameters.put("DateStyle", "ISO, YMD");
    parameters.put("IntervalStyle", "postgres");
    parameters.put("TimeZone", "UTC");
    parameters.put("extra_float_digits", "3");
    parameters.put("bytea_output", "hex");
    parameters.put("search_path", "pg_catalog");
    return parameters;
  }

  /**
   * Asks the server, on a connection of its own that is encrypted as the session's is, to cancel
   * what a session is doing.
   *
   * @throws ConnectionException when the server cannot be reached
   */
  public static void cancel(ConnectionConfig config, Wire wire, BackendKeyData session)
      throws IOException {
    TlsContext tls = wire.transport().tls().isPresent() ? TlsContext.of(config.tls()) : null;
    Transport clear =
        wire.transport() instanceof SocketTransport tcp
            ? tcp.connectAgain(config)
            : UnixTransport.connect(config.servers().get(0), new GiveUp());
    var deadline = Deadline.start(clear, config.loginTimeout());
    try (clear;
        deadline) {
      cancel(
          tls != null && clear instanceof SocketTransport socket
              ? new TlsLayer(config, tls).negotiate(socket)
              : clear,
          session);
    } catch (IOException e) {
      throw deadline.isExpired() ? tooSlow(config, e) : e;
    }
  }

  private static void cancel(Transport transport, BackendKeyData session) throws IOException {
    new MessageWriter(transport.output()).cancelRequest(session.processId(), session.secretKey());
    try {
      // The server answers nothing and closes: then it has read the request.
      transport.input().read();
    } catch (IOException e) {
      throw new ConnectionException(
          "the connection of a cancel request broke: " + e.getMessage(), e);
    }
  }
}
