package io.drasi.host;

import io.drasi.api.change.Element;
import io.drasi.api.change.ElementMetadata;
import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementReference;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SourceMetrics;
import io.drasi.api.source.SourcePosition;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.SourceStatus;
import io.drasi.api.source.SourceStatusListener;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Delivers so many transactions of three changes each, then fails, or waits for ever. */
final class ScriptedSource implements ManagedSource {
  private final String id;
  private final boolean autoStart;
  private final int transactions;
  private final @Nullable String failure;
  private final List<SourceStatusListener> listeners = new ArrayList<>();
  private SourceStatus status = status(SourceState.STOPPED, null);

  ScriptedSource(String id, boolean autoStart, int transactions, @Nullable String failure) {
    this.id = id;
    this.autoStart = autoStart;
    this.transactions = transactions;
    this.failure = failure;
  }

  static SourceStatus status(SourceState state, @Nullable String error) {
    return SourceStatus.of(
        state, Instant.EPOCH, null, error == null ? null : new SourceException(error, null));
  }

  @Override
  public Subscription subscribe(SubscriptionRequest request) {
    return new ScriptedSubscription(request.subscriberId());
  }

  @Override
  public void start() {
    become(status(SourceState.STARTING, null));
    become(status(SourceState.RUNNING, null));
  }

  private void become(SourceStatus next) {
    status = next;
    listeners.forEach(listener -> listener.statusChanged(this, next));
  }

  private final class ScriptedSubscription implements Subscription {
    private final String subscriberId;
    private int taken;

    ScriptedSubscription(String subscriberId) {
      this.subscriberId = subscriberId;
    }

    @Override
    public SourceEvent take() throws InterruptedException {
      if (taken < transactions) {
        return transaction(++taken);
      }
      if (failure == null) {
        new CountDownLatch(1).await();
        throw new AssertionError();
      }
      become(status(SourceState.FAILED, failure));
      throw new SourceException(failure, null);
    }

    @Override
    public String subscriberId() {
      return subscriberId;
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

    @Override
    public void acknowledge(SourcePosition position) {}

    @Override
    public void close() {}
  }

  private SourceEvent.Transaction transaction(int number) {
    List<SourceChange> changes = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      var reference = new ElementReference(id, "users:%d_%d".formatted(number, i));
      var metadata = ElementMetadata.of(reference, List.of("users"), Instant.EPOCH);
      changes.add(new SourceChange.Insert(new Element.Node(metadata, ElementPropertyMap.empty())));
    }
    return new ScriptedTransaction(new NumberedPosition(number), number, changes);
  }

  private record ScriptedTransaction(SourcePosition position, long xid, List<SourceChange> changes)
      implements SourceEvent.Transaction {
    @Override
    public Instant commitTime() {
      return Instant.EPOCH;
    }
  }

  private record NumberedPosition(int number) implements SourcePosition {
    @Override
    public byte[] toBytes() {
      return new byte[] {(byte) number};
    }

    @Override
    public int compareTo(SourcePosition other) {
      return Integer.compare(number, ((NumberedPosition) other).number);
    }

    @Override
    public String toString() {
      return Integer.toString(number);
    }
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String kind() {
    return "scripted";
  }

  @Override
  public SourceStatus status() {
    return status;
  }

  @Override
  public SourceMetrics metrics() {
    throw new UnsupportedOperationException();
  }

  @Override
  public SourcePosition parsePosition(String printed) {
    throw new UnsupportedOperationException();
  }

  @Override
  public SourcePosition parsePosition(byte[] bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean autoStart() {
    return autoStart;
  }

  @Override
  public void stop() {}

  @Override
  public void forget(String subscriberId) {}

  @Override
  public boolean canBootstrap() {
    return false;
  }

  @Override
  public void deprovision() {}

  @Override
  public Registration addStatusListener(SourceStatusListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public void close() {}
}
