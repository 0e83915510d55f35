package io.drasi.bootstrap.postgres.internal;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.bootstrap.BootstrapRequest;
import io.drasi.api.bootstrap.BootstrapResult;
import io.drasi.api.bootstrap.BootstrapSink;
import io.drasi.api.config.ConfigurationException;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.value.Codecs;
import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bootstrap. A read from a socket does not notice an interrupt, so threads of its own do all
 * reading; the calling thread takes what was read from a short queue, where it can be interrupted,
 * and then closes the connections, which ends the reads.
 */
public final class BootstrapRun {
  private static final Logger log = LoggerFactory.getLogger(BootstrapRun.class);

  /** How many batches are read ahead of the sink, beside those that wait for room. */
  private static final int BATCHES_AHEAD = 2;

  /** How long the calling thread waits for the reading ones after the connections were closed. */
  private static final Duration FAREWELL = Duration.ofMillis(900);

  private final BootstrapSettings settings;
  private final Codecs codecs;
  private final BootstrapRequest request;
  private final Connections connections;
  private final HandOver handOver = new HandOver(BATCHES_AHEAD);

  /** A bootstrap that has not begun. */
  public BootstrapRun(
      BootstrapSettings settings, Connector connector, Codecs codecs, BootstrapRequest request) {
    this.settings = settings;
    this.codecs = codecs;
    this.request = request;
    this.connections = new Connections(connector, named(settings.connection(), request));
  }

  /** The settings, with a name by which the connections are known on the server. */
  private static ConnectionConfig named(ConnectionConfig config, BootstrapRequest request) {
    return config.toBuilder()
        .withApplicationName("drasi:%s:bootstrap".formatted(request.sourceId().replace('\0', ' ')))
        .build();
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
      var progress = new Progress(request.sourceId(), sink, System::nanoTime);
      handOverTo(sink, progress);
      PostgresPosition position = reading.get();
      return BootstrapResult.of(progress.end(), position);
    } catch (ExecutionException e) {
      throw failure(rootOf(e));
    } finally {
      handOver.abandon();
      connections.close();
      awaitFarewell(thread);
    }
  }

  private void handOverTo(BootstrapSink sink, Progress progress) throws InterruptedException {
    Optional<HandOver.Item> item = handOver.take();
    while (item.isPresent()) {
      if (item.get() instanceof HandOver.Item.Waiting waiting) {
        sink.waitingFor(waiting.what());
      } else if (item.get() instanceof HandOver.Item.Begun begun) {
        sink.position(begun.position());
        progress.begin(begun.estimatedRows());
      } else if (item.get() instanceof HandOver.Item.Elements elements) {
        sink.accept(elements.batch());
        progress.add(elements.batch().size());
      }
      item = handOver.take();
    }
  }

  /** What the reading thread does. */
  private PostgresPosition read() throws IOException, InterruptedException, ExecutionException {
    try {
      return new SnapshotReader(settings, codecs, request, connections, handOver).run();
    } catch (ConnectionException | ProtocolException | InterruptedException e) {
      connections.abort(); // after any other exception the server is idle already
      throw e;
    } finally {
      connections.close();
      handOver.end();
    }
  }

  private static Throwable rootOf(ExecutionException wrapper) {
    Throwable root = wrapper;
    while (root instanceof ExecutionException && root.getCause() != null) {
      root = root.getCause();
    }
    return root;
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
