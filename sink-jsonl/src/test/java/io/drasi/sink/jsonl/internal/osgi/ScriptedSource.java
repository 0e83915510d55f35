package io.drasi.sink.jsonl.internal.osgi;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.drasi.api.change.ElementMetadata;
import io.drasi.api.change.ElementReference;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.Source;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourceMetrics;
import io.drasi.api.source.SourcePosition;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.SourceStatus;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionEndedException;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.sink.jsonl.Events.Committed;
import io.drasi.sink.jsonl.Events.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;

/** A source that delivers what a test says, and notes what its subscriber does. Thread-safe. */
final class ScriptedSource implements Source {
  private static final Object CLOSED = new Object();

  /** Who has subscribed, and what was acknowledged, in order. */
  final BlockingQueue<SubscriptionRequest> requests = new LinkedBlockingQueue<>();

  final BlockingQueue<String> acknowledged = new LinkedBlockingQueue<>();
  final BlockingQueue<String> closed = new LinkedBlockingQueue<>();

  private final BlockingQueue<Object> script = new LinkedBlockingQueue<>();

  void deliver(SourceEvent event) {
    script.add(event);
  }

  /** The deletion of an element, at a position. */
  void deliver(String position, String elementId) {
    var metadata =
        ElementMetadata.of(
            new ElementReference("shop", elementId), List.of("users"), Instant.EPOCH);
    deliver(
        new Committed(
            new Position(position),
            1,
            Instant.EPOCH,
            List.of(new SourceChange.Delete(metadata, null))));
  }

  void fail(RuntimeException failure) {
    script.add(failure);
  }

  @Override
  public Subscription subscribe(SubscriptionRequest request) {
    requests.add(request);
    return new Scripted();
  }

  @Override
  public SourcePosition parsePosition(byte[] bytes) {
    return new Position(new String(bytes, UTF_8));
  }

  @Override
  public SourcePosition parsePosition(String printed) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String id() {
    return "shop";
  }

  @Override
  public String kind() {
    return "scripted";
  }

  @Override
  public boolean canBootstrap() {
    return true;
  }

  @Override
  public SourceStatus status() {
    return SourceStatus.of(SourceState.RUNNING, Instant.EPOCH, null, null);
  }

  @Override
  public SourceMetrics metrics() {
    throw new UnsupportedOperationException();
  }

  private final class Scripted implements Subscription {
    @Override
    public String subscriberId() {
      return "jsonl";
    }

    @Override
    public SourceEvent take() throws InterruptedException {
      Object next = script.take();
      if (next instanceof RuntimeException failure) {
        throw failure;
      }
      if (next.equals(CLOSED)) {
        throw new SubscriptionEndedException("the subscription was closed");
      }
      return (SourceEvent) next;
    }

    @Override
    public void acknowledge(SourcePosition position) {
      acknowledged.add(position.toString());
    }

    @Override
    public void close() {
      closed.add("");
      script.add(CLOSED);
    }

    @Override
    public Optional<SourceEvent> poll(Duration timeout) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Iterator<SourceEvent> iterator() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Flow.Publisher<SourceEvent> publisher(Executor executor) {
      throw new UnsupportedOperationException();
    }
  }
}
