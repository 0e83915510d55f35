package io.drasi.source.postgres.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A server on the loopback address that answers a source's questions as a healthy PostgreSQL 17
 * with the table {@code users} does, and otherwise as it is told. Thread-safe.
 */
public final class ScriptedServer implements AutoCloseable {
  /** An answer that never comes. */
  public static final byte[] NOTHING = {};

  private final ServerSocket socket;
  private final Thread accepting;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final Map<String, Supplier<byte[]>> answers = new ConcurrentHashMap<>();
  private final BlockingQueue<ScriptedStream> streams = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> commands = new LinkedBlockingQueue<>();
  private volatile @Nullable String slotPosition = "0/A";

  /** A server that listens. */
  public ScriptedServer() {
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    answer("login", () -> Backend.welcome("17.2"));
    answer(
        "IDENTIFY_SYSTEM",
        () -> rows("systemid,timeline,xlogpos,dbname", "7", "1", "0/100", "shop"));
    answer("SHOW \"wal_level\"", () -> rows("wal_level", "logical"));
    answer("SELECT pubupdate", () -> rows("old_rows", "t"));
    answer(
        "SELECT t.schemaname",
        () ->
            rows(
                "schemaname,tablename,relreplident,indisprimary,indisreplident,attname",
                "public",
                "users",
                "d",
                "t",
                "f",
                "id"));
    answer("SELECT p.schemaname", () -> rows("schemaname,tablename"));
    answer("SELECT DISTINCT a.atttypid", () -> rows("oid", "23"));
    answer("SELECT s.*", this::slot);
    answer("SELECT pg_catalog.pg_is_in_recovery", () -> rows("standby", "f"));
    answer("SELECT backend_xid", () -> rows("backend_xid"));
    answer("SELECT setting", () -> rows("setting", "60000"));
    answer("SHOW \"synchronous_standby_names\"", () -> rows("synchronous_standby_names", ""));
    answer("SET", () -> Backend.complete("SET"));
    answer("CREATE_REPLICATION_SLOT", this::createSlot);
    answer("DROP_REPLICATION_SLOT", this::dropSlot);
    answer("START_REPLICATION", Backend::copyBoth);
    accepting = daemon(this::accept, "scripted-server");
  }

  private static Thread daemon(Runnable task, String name) {
    var thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** One row, or none; the columns are separated by commas. */
  public static byte[] rows(String columns, @Nullable String... row) {
    return Backend.rows(
        List.of(columns.split(",")), row.length == 0 ? List.of() : List.of(Arrays.asList(row)));
  }

  private byte[] slot() {
    String position = slotPosition;
    return position == null ? rows("is_logical") : slot("pgoutput", "shop", position);
  }

  /** The state of a slot that is in order but for what is given. */
  public static byte[] slot(String plugin, String database, @Nullable String position) {
    return rows(
        "is_logical,plugin,database,temporary,active_pid,confirmed_flush_lsn,restart_lsn,"
            + "wal_status,invalidation_reason,two_phase",
        "t",
        plugin,
        database,
        "f",
        null,
        position,
        position,
        "reserved",
        null,
        "f");
  }

  private byte[] createSlot() {
    slotPosition = "0/A";
    return rows("slot_name,consistent_point,snapshot_name,output_plugin", "s", "0/A", null, "p");
  }

  private byte[] dropSlot() {
    slotPosition = null;
    return Backend.complete("DROP_REPLICATION_SLOT");
  }

  /** The slot stands here; null when there is none. */
  public void setSlot(@Nullable String position) {
    slotPosition = position;
  }

  /**
   * From now on this is answered to commands that begin so, and to {@code login}; {@link #NOTHING}
   * leaves the client waiting.
   */
  public void answer(String command, Supplier<byte[]> answer) {
    answers.put(command, answer);
  }

  /** The port it listens at. */
  public int port() {
    return socket.getLocalPort();
  }

  /** The next stream that a client has started. */
  public ScriptedStream awaitStream() throws InterruptedException {
    ScriptedStream stream = streams.poll(10, TimeUnit.SECONDS);
    if (stream == null) {
      throw new AssertionError("no stream was started; commands were " + commands);
    }
    return stream;
  }

  /** Waits until a command comes that begins so. */
  public void awaitCommand(String prefix) throws InterruptedException {
    String command = "";
    while (!command.startsWith(prefix)) {
      command = commands.poll(10, TimeUnit.SECONDS);
      if (command == null) {
        throw new AssertionError("never asked: " + prefix);
      }
    }
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        connection.setTcpNoDelay(true);
        connections.add(connection);
        daemon(() -> serve(connection), "scripted-connection");
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      var in = new DataInputStream(connection.getInputStream());
      OutputStream out = connection.getOutputStream();
      in.readNBytes(in.readInt() - 4);
      commands.add("login");
      answer(out, "login", NOTHING);
      while (true) {
        int type = in.readUnsignedByte();
        byte[] body = in.readNBytes(in.readInt() - 4);
        if (type != 'Q') {
          return;
        }
        String sql = new String(body, 0, body.length - 1, StandardCharsets.UTF_8);
        commands.add(sql);
        if (sql.startsWith("START_REPLICATION") && answer(out, sql, NOTHING)[0] == 'W') {
          var stream = new ScriptedStream(connection, sql);
          streams.add(stream);
          stream.receive(in);
          return;
        } else if (!sql.startsWith("START_REPLICATION")) {
          answer(out, sql, Backend.readyForQuery());
        }
      }
    } catch (IOException e) {
      // The client has gone, or the test has cut the connection.
    } finally {
      connections.remove(connection);
    }
  }

  private byte[] answer(OutputStream out, String command, byte[] then) throws IOException {
    byte[] answer =
        answers.entrySet().stream()
            .filter(entry -> command.startsWith(entry.getKey()))
            .findFirst()
            .map(entry -> entry.getValue().get())
            .orElseGet(() -> Backend.error("42601", "not in the script: " + command));
    if (answer.length > 0) {
      out.write(answer[0] == 'E' && then.length == 0 ? withReady(command, answer) : answer);
      out.write(then);
      out.flush();
    }
    return answer.length == 0 ? new byte[1] : answer;
  }

  private static byte[] withReady(String command, byte[] error) {
    return command.equals("login") ? error : Backend.all(error, Backend.readyForQuery());
  }

  /** Cuts all connections. */
  public void cut() throws IOException {
    for (Socket connection : connections) {
      connection.close();
    }
  }

  /** From then on connections are refused. */
  @Override
  public void close() throws IOException {
    socket.close();
    awaitNotListening();
    cut();
  }

  /** The operating system closes the socket when nobody waits at it any more. */
  private void awaitNotListening() {
    try {
      accepting.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
