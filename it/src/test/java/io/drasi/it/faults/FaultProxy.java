package io.drasi.it.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a client and a server, understands where their messages begin and end, counts
 * them, and does harm to one of them when told to.
 *
 * <p>Thread-safe: guarded by its own monitor.
 */
final class FaultProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final int targetPort;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final Map<Place, Integer> seen = new TreeMap<>();
  private @Nullable Fault armed;
  private @Nullable Runnable strike;
  private int occurrences;
  private boolean fired;

  private FaultProxy(ServerSocket listener, int targetPort) {
    this.listener = listener;
    this.targetPort = targetPort;
  }

  /** A proxy to a port of this machine. */
  static FaultProxy to(int targetPort) throws IOException {
    var proxy =
        new FaultProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), targetPort);
    start("fault-proxy", proxy::accept);
    return proxy;
  }

  /** Where it listens. */
  int port() {
    return listener.getLocalPort();
  }

  /** From now on it counts anew, and waits for the place of a fault, if any, which happens once. */
  synchronized void arm(@Nullable Fault fault) {
    arm(fault, null);
  }

  /**
   * As {@link #arm(Fault)}, but runs something in place of doing harm: before the message, which
   * then goes nowhere; or after it, when the answer comes, if it is a query.
   */
  synchronized void arm(@Nullable Fault fault, @Nullable Runnable newStrike) {
    armed = fault;
    strike = newStrike;
    occurrences = 0;
    fired = false;
    seen.clear();
  }

  /** It waits no more. */
  synchronized void disarm() {
    armed = null;
  }

  /** Whether the fault has happened. */
  synchronized boolean hasFired() {
    return fired;
  }

  /** How many messages of each place have passed since it was armed. */
  synchronized Map<Place, Integer> seen() {
    return new TreeMap<>(seen);
  }

  /** How many connections clients keep open. */
  long open() {
    return links.stream().filter(Link::isOpen).count();
  }

  /** A message comes by; the fault, if it is to happen to it. */
  synchronized Optional<Fault> faultAt(Place place) {
    seen.merge(place, 1, Integer::sum);
    Fault fault = armed;
    if (fault == null || !fault.place().equals(place) || ++occurrences < fault.occurrence()) {
      return Optional.empty();
    }
    armed = null;
    fired = true;
    return Optional.of(fault);
  }

  /** What is to be run in place of doing harm, if anything. */
  synchronized Optional<Runnable> strike() {
    return Optional.ofNullable(strike);
  }

  /** Lets the server know of the connections that have fallen silent and that clients gave up. */
  void endAbandoned() throws IOException {
    List<Link> abandoned = links.stream().filter(link -> !link.isOpen()).toList();
    for (Link link : abandoned) {
      link.close();
    }
    links.removeAll(abandoned);
  }

  private void accept() throws IOException {
    while (!listener.isClosed()) {
      Socket client = listener.accept();
      try {
        var link = new Link(this, client, new Socket(InetAddress.getLoopbackAddress(), targetPort));
        links.add(link);
        start("fault-proxy-up", () -> link.pump(Direction.TO_SERVER));
        start("fault-proxy-down", () -> link.pump(Direction.TO_CLIENT));
      } catch (IOException e) {
        client.close(); // the server is away
      }
    }
  }

  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  /** An exception of a socket is how such a thread ends. */
  private static void start(String name, Work work) {
    var thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException | InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Link link : links) {
      link.close();
    }
  }
}
