package io.drasi.it.oracle;

import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.Subscription;

/** What a subscriber has, what of it outlasts its visits, and how it comes back. */
interface Memory {

  /** Subscribes, for another visit. */
  Subscription come(ManagedSource source);

  /** An event has come. */
  void take(SourceEvent event, Subscription subscription);

  /** The visit is over; the subscription is closed. */
  void leave();

  /** The copy as it is now. */
  PositionedCopy copy();
}
