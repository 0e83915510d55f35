package io.drasi.postgres.protocol.internal;

import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.ServerErrorException;
import io.drasi.postgres.protocol.SessionMode;
import io.drasi.postgres.protocol.SslMode;
import io.drasi.postgres.protocol.auth.SaslMechanism;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything between nothing and a session that is ready for its first command: connecting, TLS,
 * start-up, authentication. The one path for every connection.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP">
 *     Manual, Start-up</a>
 */
public final class StartUp {
  private static final Logger log = LoggerFactory.getLogger(StartUp.class);

  private final ConnectionConfig config;
  private final SessionMode mode;
  private final List<SaslMechanism> mechanisms;

  /** A start-up; {@link #run} does it. */
  public StartUp(ConnectionConfig config, SessionMode mode, List<SaslMechanism> mechanisms) {
    this.config = config;
    this.mode = mode;
    this.mechanisms = mechanisms;
  }

  /**
   * Connects.
   *
   * @param opening is given what closes the socket, before it connects
   * @throws ConnectionException when the server cannot be reached
   * @throws ServerErrorException when the server refuses
   * @throws io.drasi.postgres.protocol.auth.AuthenticationException when we refuse
   */
  public Wire run(Consumer<Runnable> opening) throws IOException {
    Transport tcp = Transport.connect(config, opening);
    var deadline = Deadline.start(tcp, config.connectTimeout());
    Wire wire;
    try (deadline) {
      wire = logIn(config.sslMode() == SslMode.DISABLE ? tcp : encrypt(tcp));
    } catch (Throwable e) {
      tcp.close();
      if (deadline.isExpired()) {
        throw tooSlow(config, e);
      }
      throw e;
    }
    if (deadline.isExpired()) {
      throw tooSlow(config, null);
    }
    return wire;
  }

  private static ConnectionException tooSlow(ConnectionConfig config, @Nullable Throwable cause) {
    return new ConnectionException(
        "the log-in at %s took longer than %d ms"
            .formatted(config.address(), config.connectTimeout().toMillis()),
        cause);
  }

  private Transport encrypt(Transport clear) throws IOException {
    Transport transport = TlsLayer.negotiate(clear, config);
    if (transport == clear) {
      log.debug("{} has no TLS; ssl_mode prefer goes on in clear", config.address());
    }
    return transport;
  }

  private Wire logIn(Transport transport) throws IOException {
    var reader = new MessageReader(transport.input());
    var writer = new MessageWriter(transport.output());
    writer.startUp(parameters());
    var messages = new StartUpMessages(config, reader);
    var serverEndPoint = ServerEndPoint.of(transport.socket());
    new Authenticator(config, mechanisms, messages, writer, serverEndPoint).authenticate();
    Map<String, String> settings = new HashMap<>();
    @Nullable BackendKeyData key = null;
    while (true) {
      BackendMessage message = messages.next();
      if (message instanceof ParameterStatus status) {
        settings.put(status.name(), status.value());
      } else if (message instanceof BackendKeyData data) {
        key = data;
      } else if (message instanceof ReadyForQuery) {
        return new Wire(transport, reader, writer, Map.copyOf(settings), key);
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
   * Asks the server, on a connection of its own, to cancel what a session is doing.
   *
   * @throws ConnectionException when the server cannot be reached
   */
  public static void cancel(ConnectionConfig config, BackendKeyData session) throws IOException {
    Transport tcp = Transport.connect(config, giveUp -> {});
    var deadline = Deadline.start(tcp, config.connectTimeout());
    try (tcp;
        deadline) {
      cancel(config.sslMode() == SslMode.DISABLE ? tcp : TlsLayer.negotiate(tcp, config), session);
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
