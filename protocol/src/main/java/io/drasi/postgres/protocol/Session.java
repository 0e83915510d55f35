package io.drasi.postgres.protocol;

import io.drasi.postgres.protocol.internal.Wire;
import io.drasi.postgres.protocol.message.BackendMessage;
import io.drasi.postgres.protocol.message.BackendMessage.BackendKeyData;
import io.drasi.postgres.protocol.message.BackendMessage.CopyDone;
import io.drasi.postgres.protocol.message.BackendMessage.CopyResponse;
import io.drasi.postgres.protocol.message.BackendMessage.CopyResponse.Direction;
import io.drasi.postgres.protocol.message.BackendMessage.ReadyForQuery;
import io.drasi.postgres.protocol.message.BackendMessageDecoder;
import io.drasi.postgres.protocol.message.ProtocolException;
import io.drasi.postgres.protocol.message.ServerReport;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session with a server, from start-up to its end. It never survives a {@link ProtocolException}
 * or a {@link ConnectionException}: close it and open another. After a {@link ServerErrorException}
 * from {@link #query} it can go on. A session that broke in the middle of an answer refuses further
 * commands with {@link IllegalStateException}, one that was closed with {@link
 * ConnectionException}.
 *
 * <p>Confined to one thread, but for {@link #cancel}, {@link #close} and {@link CopyBoth#send}.
 */
public final class Session implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Session.class);

  private static final Pattern COMMAND = Pattern.compile("\\s*([A-Za-z_]+(\\s+[A-Za-z_]+)?\\b)");

  /** What a server may say before the answer to a command that is waited for. */
  private static final int MOST_NOTICES = 1000;

  private enum State {
    /** The last command was answered to its end. */
    READY,
    /** A command is being answered: for ever where it streams, or where its answer broke off. */
    BUSY,
    CLOSED
  }

  private final ConnectionConfig config;
  private final Connector connector;
  private final Wire wire;
  private final Incoming incoming;
  private final ServerVersion serverVersion;
  private AnswerLimit limit;
  private final AtomicReference<State> state = new AtomicReference<>(State.READY);

  Session(ConnectionConfig config, Connector connector, Wire wire) throws ProtocolException {
    this.config = config;
    this.connector = connector;
    this.wire = wire;
    this.incoming = new Incoming(wire.reader(), wire.settings());
    this.limit = new AnswerLimit(wire.transport(), AnswerLimit.DEFAULT);
    try {
      this.serverVersion = ServerVersion.parse(setting("server_version").orElse(""));
    } catch (ProtocolException e) {
      wire.transport().close();
      throw e;
    }
  }

  /** The server's version. */
  public ServerVersion serverVersion() {
    return serverVersion;
  }

  /** Where the server is: of several that were configured, the one that was taken. */
  public String address() {
    return config.address();
  }

  /**
   * Settings that lead to where this session is, with the same address of the server's name: for
   * further sessions that have to see what this one does.
   */
  public ConnectionConfig here() {
    return config.at(
        new ServerAddress(config.host(), config.port(), wire.transport().remoteAddress()));
  }

  /** The server process, as the server told it; empty where it told none. */
  public Optional<Integer> processId() {
    return Optional.ofNullable(wire.key()).map(BackendKeyData::processId);
  }

  /** How it is protected. */
  public SessionSecurity security() {
    return wire.security();
  }

  /** A setting the server reports of itself (ParameterStatus). */
  public Optional<String> setting(String name) {
    return incoming.setting(name);
  }

  /** Who is told of NoticeResponses from now on, on the thread that reads. */
  public void onNotice(Consumer<ServerReport> listener) {
    incoming.onNotice(listener);
  }

  /**
   * How long a read may wait for the next byte before it fails with a {@link ConnectionException}.
   *
   * @param timeout zero, the default, is for ever
   */
  public void setReadTimeout(Duration timeout) throws IOException {
    wire.setReadTimeout(timeout);
  }

  /**
   * How long the whole answer to a command may take before it fails with a {@link
   * ConnectionException}; 60 seconds by default. What a COPY or another stream hands out takes its
   * time.
   *
   * @param timeout more than zero
   */
  public void setAnswerTimeout(Duration timeout) {
    limit = new AnswerLimit(wire.transport(), timeout);
  }

  /**
   * Runs statements by the simple query protocol.
   *
   * @param sql one statement or several; several are one transaction unless they say otherwise
   * @return a result for each statement
   * @throws ServerErrorException when one fails; the session can be used on
   */
  public List<QueryResult> query(String sql) throws IOException {
    return limit.within(
        commandOf(sql),
        () -> {
          begin(sql);
          return collect(incoming.receive(), new ResultCollector(commandOf(sql)));
        });
  }

  /**
   * Runs a statement whose answer may be long in coming, such as one that waits for a lock. It is
   * waited for until the session is {@linkplain #close closed}, or {@linkplain #setReadTimeout
   * silent for too long}; once it has begun, it has to come to its end.
   *
   * @return as of {@link #query}
   * @throws ServerErrorException when it fails; the session can be used on
   */
  public List<QueryResult> queryPatiently(String sql) throws IOException {
    begin(sql);
    return collectRest(sql, awaitAnswer(sql));
  }

  private List<QueryResult> collectRest(String sql, BackendMessage first) throws IOException {
    return limit.within(commandOf(sql), () -> collect(first, new ResultCollector(commandOf(sql))));
  }

  /** Gathers messages from {@code first} on, up to the one that makes the session ready again. */
  private List<QueryResult> collect(BackendMessage first, ResultCollector results)
      throws IOException {
    BackendMessage message = first;
    while (!(message instanceof ReadyForQuery)) {
      results.add(message);
      message = receiveAfter(results);
    }
    state.compareAndSet(State.BUSY, State.READY);
    return results.finish();
  }

  /** Waits for an answer to begin. Before that the server may say something, if not for ever. */
  private BackendMessage awaitAnswer(String sql) throws IOException {
    for (int notices = 0; notices <= MOST_NOTICES; notices++) {
      incoming.awaitMessage();
      Optional<BackendMessage> message = limit.within(commandOf(sql), incoming::receiveOne);
      if (message.isPresent()) {
        return message.get();
      }
    }
    throw new ProtocolException(
        "%s: more than %d notices, and no answer".formatted(commandOf(sql), MOST_NOTICES));
  }

  /**
   * Runs a {@code COPY … TO STDOUT} and hands out its data while it comes.
   *
   * @param sql the statement, alone
   * @param rows takes the content of each CopyData, which is gone after the call
   * @return what was done: {@code COPY 3}
   * @throws ServerErrorException when it fails, in the middle too; the session can be used on
   */
  public String copyOut(String sql, CopyDataConsumer rows) throws IOException {
    begin(sql);
    BackendMessage message = awaitAnswer(sql);
    boolean copies = isCopy(message, Direction.OUT);
    List<QueryResult> done = collectRest(sql, copies ? passOn(sql, rows) : message);
    if (!copies || done.size() != 1) {
      throw new IllegalArgumentException(commandOf(sql) + " is not one COPY … TO STDOUT");
    }
    return done.get(0).tag();
  }

  /** Hands out CopyData; gives the message that comes after the last of them. */
  private BackendMessage passOn(String sql, CopyDataConsumer rows) throws IOException {
    byte type = incoming.readType();
    while (type == 'd') {
      rows.accept(incoming.body());
      type = incoming.readType();
    }
    BackendMessage message = BackendMessageDecoder.decode(type, incoming.body());
    return message instanceof CopyDone ? limit.within(commandOf(sql), incoming::receive) : message;
  }

  private static boolean isCopy(BackendMessage message, Direction direction) {
    return message instanceof CopyResponse copy && copy.direction() == direction;
  }

  /**
   * Runs a command that turns the session into a two-way stream, which it remains until its end.
   *
   * @param command the command
   * @throws ServerErrorException when the server refuses; the session can be used on
   */
  public CopyBoth copyBoth(String command) throws IOException {
    return limit.within(
        commandOf(command),
        () -> {
          begin(command);
          BackendMessage message = incoming.receive();
          if (isCopy(message, Direction.BOTH)) {
            return new CopyBoth(incoming, wire.writer(), commandOf(command));
          }
          collect(message, new ResultCollector(commandOf(command)));
          throw new ProtocolException(commandOf(command) + " started no stream");
        });
  }

  /**
   * Asks the server, on a connection of its own, to cancel what this session is doing. May be
   * called from any thread; whether it comes in time shows in the session itself.
   */
  public void cancel() throws IOException {
    BackendKeyData key = wire.key();
    if (key != null) {
      connector.cancel(config, wire, key);
    }
  }

  /**
   * Ends the session: with Terminate where it is idle, and by closing the TCP connection. Never
   * waits. May be called from any thread; whoever reads or writes gets an exception.
   */
  @Override
  public void close() {
    if (state.getAndSet(State.CLOSED) == State.READY) {
      sayGoodbye();
    }
    wire.transport().close();
  }

  private void sayGoodbye() {
    try {
      wire.writer().terminateUnlessWriting();
    } catch (IOException e) {
      log.debug("the connection was gone before it was closed: {}", e.getMessage());
    }
  }

  /** An error that ends the session (FATAL) is why the connection is gone, and says more. */
  private BackendMessage receiveAfter(ResultCollector results) throws IOException {
    try {
      return incoming.receive();
    } catch (ConnectionException e) {
      results.failWith(e);
      throw e;
    }
  }

  private void begin(String sql) throws IOException {
    if (sql.indexOf(0) >= 0) {
      throw new IllegalArgumentException("a command must not contain a zero character");
    }
    if (!state.compareAndSet(State.READY, State.BUSY)) {
      if (state.get() == State.CLOSED) {
        throw new ConnectionException("the session is closed", null);
      }
      throw new IllegalStateException(
          "the session streams, or the answer to its last command broke off; open another");
    }
    wire.writer().query(sql);
  }

  /** The first word or two of a command: enough for messages, and never a value. */
  private static String commandOf(String sql) {
    Matcher words = COMMAND.matcher(sql);
    return words.lookingAt() ? words.group(1).toUpperCase(Locale.ROOT) : "the command";
  }
}
