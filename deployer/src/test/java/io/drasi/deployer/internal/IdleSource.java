package io.drasi.deployer.internal;

import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceMetrics;
import io.drasi.api.source.SourcePosition;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.SourceStatus;
import io.drasi.api.source.SourceStatusListener;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import java.time.Instant;

/** A source that is there, and has nothing. */
record IdleSource(String id, boolean autoStart) implements ManagedSource {

  @Override
  public String kind() {
    return "scripted";
  }

  @Override
  public boolean canBootstrap() {
    return false;
  }

  @Override
  public SourceStatus status() {
    return SourceStatus.of(SourceState.STOPPED, Instant.EPOCH, null, null);
  }

  @Override
  public SourceMetrics metrics() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Subscription subscribe(SubscriptionRequest request) {
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
  public void start() {}

  @Override
  public void stop() {}

  @Override
  public void forget(String subscriberId) {}

  @Override
  public void deprovision() {}

  @Override
  public Registration addStatusListener(SourceStatusListener listener) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
