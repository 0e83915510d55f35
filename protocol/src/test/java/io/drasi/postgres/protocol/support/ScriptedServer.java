package io.drasi.postgres.protocol.support;

import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.SslMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A server on a loopback socket that does what a test tells it: one script for each connection, in
 * the order they come. {@link #close} waits for the scripts and throws what they found.
 *
 * <p>Thread-safe.
 */
public final class ScriptedServer implements AutoCloseable {
  private final ServerSocket listener;
  private final Queue<Script> scripts;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();

  /** What a server does with one connection. */
  @FunctionalInterface
  public interface Script {
    void run(Peer client) throws Exception;
  }

  private ScriptedServer(ServerSocket listener, Script... scripts) {
    this.listener = listener;
    this.scripts = new ArrayDeque<>(List.of(scripts));
  }

  /** A server with these scripts. */
  public static ScriptedServer start(Script... scripts) {
    try {
      var server =
          new ScriptedServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), scripts);
      for (int i = 0; i < scripts.length; i++) {
        server.threads.add(new Thread(server::play, "scripted-server"));
      }
      server.threads.forEach(thread -> thread.setDaemon(true));
      server.threads.forEach(Thread::start);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A server that lets one session in, as version 17, before its script begins. */
  public static ScriptedServer session(Script script) {
    return start(
        client -> {
          client.logIn("17.2");
          script.run(client);
        });
  }

  private void play() {
    Socket socket;
    Script script;
    synchronized (listener) { // the first client gets the first script, whichever thread it meets
      try {
        socket = listener.accept();
      } catch (IOException e) {
        return; // closed: the client never came
      }
      sockets.add(socket);
      script = scripts.remove();
    }
    try (socket) {
      script.run(new Peer(socket));
    } catch (Throwable e) {
      failures.add(e);
    }
  }

  /** How to reach it: in clear, as app, within 10 seconds. */
  public ConnectionConfig.Builder config() {
    return ConnectionConfig.builder()
        .withHost(listener.getInetAddress().getHostAddress())
        .withPort(listener.getLocalPort())
        .withDatabase("shop")
        .withUser("app")
        .withSslMode(SslMode.DISABLE)
        .withConnectTimeout(Duration.ofSeconds(10));
  }

  /** Waits for the scripts, each of which ends with its client. */
  @Override
  public void close() throws IOException {
    listener.close();
    try {
      for (Thread thread : threads) {
        thread.join(Duration.ofSeconds(10).toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the test took too long: its sockets are closed below
    }
    for (Socket socket : sockets) {
      socket.close();
    }
    Throwable failure = failures.poll();
    if (failure != null) {
      throw new AssertionError("the script failed: " + failure, failure);
    }
    if (threads.stream().anyMatch(Thread::isAlive)) {
      throw new AssertionError("a script has not ended: " + Arrays.toString(stackOfFirst()));
    }
  }

  private StackTraceElement[] stackOfFirst() {
    return threads.stream().filter(Thread::isAlive).findFirst().orElseThrow().getStackTrace();
  }
}
