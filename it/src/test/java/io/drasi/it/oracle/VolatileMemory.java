package io.drasi.it.oracle;

import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;

/** Stores nothing, acknowledges automatically, and begins anew with each visit. */
final class VolatileMemory implements Memory {
  private final String id;
  private PositionedCopy copy = new PositionedCopy(OracleTables.ALL);

  VolatileMemory(String id) {
    this.id = id;
  }

  @Override
  public Subscription come(ManagedSource source) {
    return source.subscribe(SubscriptionRequest.builder(id).withBootstrap(true).build());
  }

  @Override
  public void take(SourceEvent event, Subscription subscription) {
    copy.apply(event);
  }

  @Override
  public void leave() {
    copy = new PositionedCopy(OracleTables.ALL);
  }

  @Override
  public PositionedCopy copy() {
    return copy;
  }
}
