package io.drasi.postgres.protocol.internal;

import io.drasi.postgres.protocol.ConnectionException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the addresses of names. The system's resolver takes as long as it likes and cannot be
 * interrupted, so a thread of its own waits for it, and is left alone where that takes too long.
 * Who asks for the same name meanwhile waits for the same answer.
 *
 * <p>Thread-safe.
 */
public final class NameLookups {
  /** An address, of which nobody has to be asked. */
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

  private final Resolver resolver;
  private final ConcurrentMap<String, CompletableFuture<List<InetAddress>>> running =
      new ConcurrentHashMap<>();

  /** Knows the addresses of names. */
  interface Resolver {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  /** Look-ups by the system's resolver. */
  public NameLookups() {
    this(InetAddress::getAllByName);
  }

  NameLookups(Resolver resolver) {
    this.resolver = resolver;
  }

  /**
   * The addresses of a name, asked for anew; or an address itself.
   *
   * @param giveUp can end the waiting from another thread
   * @throws ConnectionException when the name is unknown, or the answer does not come in time
   */
  List<InetAddress> addresses(String host, Duration timeout, GiveUp giveUp)
      throws ConnectionException {
    try {
      return ADDRESS.matcher(host).matches()
          ? List.of(resolver.addresses(host))
          : await(running.computeIfAbsent(host, this::begin).copy(), timeout, giveUp);
    } catch (UnknownHostException | ExecutionException e) {
      throw failed("the host name %s cannot be resolved; check the option host", host, e);
    } catch (TimeoutException e) {
      throw failed(
          "the host name %s was not resolved within "
              + timeout.toMillis()
              + " ms (connect_timeout); check the option host, and this machine's name servers",
          host,
          null);
    } catch (CancellationException e) {
      throw failed("the look-up of the host name %s was given up", host, null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("the look-up of the host name %s was interrupted", host, null);
    }
  }

  private static ConnectionException failed(
      String message, String host, @Nullable Exception cause) {
    return new ConnectionException(message.formatted(host), cause);
  }

  private static List<InetAddress> await(
      CompletableFuture<List<InetAddress>> lookup, Duration timeout, GiveUp giveUp)
      throws InterruptedException, ExecutionException, TimeoutException {
    giveUp.covers(() -> lookup.cancel(false));
    return lookup.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  private CompletableFuture<List<InetAddress>> begin(String host) {
    var lookup = new CompletableFuture<List<InetAddress>>();
    var thread = new Thread(() -> run(host, lookup), Thread.currentThread().getName() + "-lookup");
    thread.setDaemon(true);
    thread.start();
    return lookup;
  }

  private void run(String host, CompletableFuture<List<InetAddress>> lookup) {
    try {
      InetAddress[] addresses = resolver.addresses(host);
      running.remove(host); // before anybody knows: the next one asks anew
      lookup.complete(List.of(addresses));
    } catch (UnknownHostException | RuntimeException | Error e) {
      running.remove(host);
      lookup.completeExceptionally(e);
    }
  }
}
