package io.drasi.source.postgres.internal.osgi;

import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SourceMetrics;
import io.drasi.api.source.SourcePosition;
import io.drasi.api.source.SourceStatus;
import io.drasi.api.source.SourceStatusListener;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.source.postgres.internal.delivery.HubSubscription;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.Bundle;

/**
 * The source as one bundle sees it: what the bundle has opened is closed with the view.
 *
 * <p>Thread-safe: guarded by the object's own monitor, which is not held while something is closed.
 */
final class SourceView implements ManagedSource {
  private final ManagedSource source;
  private final Bundle user;
  private final List<Subscription> subscriptions = new ArrayList<>();
  private final List<Registration> registrations = new ArrayList<>();
  private boolean released;

  SourceView(ManagedSource source, Bundle user) {
    this.source = source;
    this.user = user;
  }

  @Override
  public synchronized Subscription subscribe(SubscriptionRequest request) {
    requireNotReleased();
    subscriptions.removeIf(open -> open instanceof HubSubscription mine && mine.hasEnded());
    Subscription subscription = source.subscribe(request);
    subscriptions.add(subscription);
    return subscription;
  }

  @Override
  public synchronized Registration addStatusListener(SourceStatusListener listener) {
    requireNotReleased();
    Registration registration = source.addStatusListener(listener);
    registrations.add(registration);
    return registration;
  }

  private void requireNotReleased() {
    if (released) {
      throw new SourceException(
          "the bundle %s has let go of the source %s".formatted(user.getSymbolicName(), id()),
          null);
    }
  }

  /** Closes what the bundle has opened. */
  void release() {
    List<Subscription> open;
    synchronized (this) {
      released = true;
      open = List.copyOf(subscriptions);
      registrations.forEach(Registration::close);
    }
    open.forEach(Subscription::close);
  }

  @Override
  public String id() {
    return source.id();
  }

  @Override
  public String kind() {
    return source.kind();
  }

  @Override
  public boolean autoStart() {
    return source.autoStart();
  }

  @Override
  public boolean canBootstrap() {
    return source.canBootstrap();
  }

  @Override
  public SourceStatus status() {
    return source.status();
  }

  @Override
  public SourceMetrics metrics() {
    return source.metrics();
  }

  @Override
  public SourcePosition parsePosition(String printed) {
    return source.parsePosition(printed);
  }

  @Override
  public SourcePosition parsePosition(byte[] bytes) {
    return source.parsePosition(bytes);
  }

  @Override
  public void start() {
    source.start();
  }

  @Override
  public void stop() {
    source.stop();
  }

  @Override
  public void forget(String subscriberId) {
    source.forget(subscriberId);
  }

  @Override
  public void deprovision() {
    source.deprovision();
  }

  /** Refuses: the source is its configuration's. */
  @Override
  public void close() {
    throw new SourceException(
        "the source %s ends with its configuration; delete that".formatted(id()), null);
  }
}
