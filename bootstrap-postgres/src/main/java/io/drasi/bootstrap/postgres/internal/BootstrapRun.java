package io.drasi.bootstrap.postgres.internal;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.bootstrap.BootstrapRequest;
import io.drasi.api.bootstrap.BootstrapResult;
import io.drasi.api.bootstrap.BootstrapSink;
import io.drasi.api.change.SourceChange;
import io.drasi.api.config.ConfigurationException;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bootstrap. A read from a socket does not notice an interrupt, so a thread of its own does all
 * reading; the calling thread takes what was read from a short queue, where it can be interrupted,
 * and then closes the connections, which ends the read.
 */
public final class BootstrapRun {
  private static final Logger log = LoggerFactory.getLogger(BootstrapRun.class);

  /** How many batches are read ahead of the sink. */
  private static final int BATCHES_AHEAD = 2;

  /** How long the calling thread waits for the reading one after the connections were closed. */
  private static final Duration FAREWELL = Duration.ofMillis(900);

  private final BootstrapSettings settings;
  private final BootstrapRequest request;
  private final Connections connections;
  private final BatchQueue batches = new BatchQueue(BATCHES_AHEAD);

  public BootstrapRun(BootstrapSettings settings, Connector connector, BootstrapRequest request) {
    this.settings = settings;
    this.request = request;
    this.connections = new Connections(connector, named(settings.connection(), request));
  }

  /** The settings, with a name by which the connections are known on the server. */
  private static ConnectionConfig named(ConnectionConfig config, BootstrapRequest request) {
    return new ConnectionConfig(
        config.host(),
        config.port(),
        config.database(),
        config.user(),
        config.password(),
        config.sslMode(),
        config.connectTimeout(),
        "drasi:%s:bootstrap".formatted(request.sourceId().replace('\0', ' ')));
  }

  /**
   * Runs it.
   *
   * @return how many elements were handed over, and the position that they belong to
   */
  public BootstrapResult into(BootstrapSink sink) throws InterruptedException {
    var reading = new FutureTask<>(this::read);
    var thread = new Thread(reading, request.sourceId() + "-bootstrap-reader");
    thread.setDaemon(true);
    thread.start();
    try {
      long count = handOver(sink);
      return BootstrapResult.of(count, reading.get());
    } catch (ExecutionException e) {
      throw failure(e.getCause() == null ? e : e.getCause());
    } finally {
      batches.abandon();
      connections.close();
      awaitFarewell(thread);
    }
  }

  private long handOver(BootstrapSink sink) throws InterruptedException {
    long count = 0;
    Optional<List<SourceChange.Insert>> batch = batches.take();
    while (batch.isPresent()) {
      sink.accept(batch.get());
      count += batch.get().size();
      batch = batches.take();
    }
    return count;
  }

  /** What the reading thread does. */
  private PostgresPosition read() throws IOException, InterruptedException {
    try {
      return new SnapshotReader(settings, request, connections, batches).run();
    } catch (ConnectionException | ProtocolException | InterruptedException e) {
      connections.cancel(); // after any other exception the server is idle already
      throw e;
    } finally {
      connections.close();
      batches.end();
    }
  }

  private BootstrapException failure(Throwable cause) {
    if (cause instanceof BootstrapException known) {
      return known;
    }
    if (cause instanceof IOException io) {
      return new Remedies(settings).failure(io);
    }
    return cause instanceof ConfigurationException
        ? new BootstrapException(String.valueOf(cause.getMessage()), cause)
        : new BootstrapException("the bootstrap failed: " + cause, cause);
  }

  private void awaitFarewell(Thread thread) {
    boolean interrupted = Thread.interrupted();
    try {
      thread.join(FAREWELL.toMillis());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (thread.isAlive()) {
      log.warn(
          "{}: {} does not answer; the last connection of the bootstrap ends when it does, or when"
              + " connecting has timed out",
          request.sourceId(),
          settings.connection().address());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
