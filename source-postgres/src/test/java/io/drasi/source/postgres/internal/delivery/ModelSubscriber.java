package io.drasi.source.postgres.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.internal.transaction.CommittedTransaction;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/** A subscriber that knows what it must see, and what it has acknowledged. */
final class ModelSubscriber {
  private enum State {
    LIVE,
    HELD,
    GONE
  }

  private final SubscriptionHub hub;
  private final Subscription subscription;
  private final boolean manual;
  private final boolean ordersOnly;
  private State state = State.LIVE;

  /** -1 until the first session has begun. */
  private long start;

  private long seen;
  private long returned;
  private long acknowledged;

  /** A subscriber that comes for the first time: it starts where the stream is. */
  ModelSubscriber(SubscriptionHub hub, String id, boolean manual, boolean ordersOnly) {
    this(
        hub,
        id,
        manual,
        ordersOnly,
        hub.position()
            .map(position -> Lsn.max(position.endLsn(), hub.confirmed()).value())
            .orElse(-1L),
        false);
  }

  private ModelSubscriber(
      SubscriptionHub hub,
      String id,
      boolean manual,
      boolean ordersOnly,
      long start,
      boolean resumes) {
    this.hub = hub;
    this.manual = manual;
    this.ordersOnly = ordersOnly;
    this.start = start;
    this.seen = start;
    this.returned = start;
    this.acknowledged = start;
    this.subscription =
        hub.subscribe(
            SubscriptionRequest.builder(id)
                .withNodeLabels(ordersOnly ? Set.of("orders") : Set.of())
                .withAcknowledgement(manual ? Acknowledgement.MANUAL : Acknowledgement.AUTO)
                .withResumeFrom(resumes ? at(start) : null)
                .build());
  }

  /** The transaction that ends here: some are about orders, all are about users. */
  static CommittedTransaction transaction(long lsn) {
    return isOfOrders(lsn)
        ? Changes.transaction(lsn, Changes.insert("users"), Changes.insert("orders"))
        : Changes.large(lsn, (int) (lsn / HubModel.GAP % 6) + 1);
  }

  private static boolean isOfOrders(long lsn) {
    return lsn / HubModel.GAP % 3 == 0;
  }

  /**
   * The subscriber comes back: it starts where it left off, or at a position it has stored, which
   * is perhaps one that it has not acknowledged.
   */
  ModelSubscriber comeBack(boolean manualNow, boolean ordersOnlyNow, Random random) {
    boolean resumes = start >= 0 && random.nextBoolean();
    long from =
        resumes ? acknowledged + random.nextLong(returned - acknowledged + 1) : acknowledged;
    return new ModelSubscriber(hub, id(), manualNow, ordersOnlyNow, from, resumes);
  }

  private static PostgresPosition at(long lsn) {
    return PostgresPosition.after(Changes.SYSTEM, 1, new Lsn(lsn));
  }

  String id() {
    return subscription.subscriberId();
  }

  boolean isLive() {
    return state == State.LIVE;
  }

  boolean isGone() {
    return state == State.GONE;
  }

  void ifLive(Consumer<ModelSubscriber> action) {
    if (isLive()) {
      action.accept(this);
    }
  }

  /** The first session begins. */
  void begun(long slot) {
    if (start < 0) {
      start = slot;
      seen = slot;
      returned = slot;
      acknowledged = slot;
    }
  }

  /** Takes what is there; says whether it was a transaction. */
  boolean take() throws InterruptedException {
    if (!manual) {
      acknowledged = returned;
    }
    Optional<SourceEvent> event = subscription.poll(Duration.ZERO);
    if (event.isEmpty()) {
      return false;
    }
    if (event.get() instanceof DeliveredProgress progress) {
      long position = progress.position().endLsn().value();
      assertThat(manual).as("%s: progress is for manual subscribers", id()).isTrue();
      assertThat(nextAfter(seen)).as("%s: progress passes nothing", id()).isGreaterThan(position);
      returned = position;
      return false;
    }
    long lsn = ((CommittedTransaction) event.get()).position().endLsn().value();
    assertThat(lsn).as("%s: the next transaction", id()).isEqualTo(nextAfter(seen));
    assertThat(lsn).as("%s: in order with progress", id()).isGreaterThan(returned);
    seen = lsn;
    returned = lsn;
    return true;
  }

  /** The next transaction of concern. */
  private long nextAfter(long lsn) {
    long next = (lsn / HubModel.GAP + 1) * HubModel.GAP;
    while (ordersOnly && !isOfOrders(next)) {
      next += HubModel.GAP;
    }
    return next;
  }

  /** Acknowledges something between the last acknowledgement and what was returned. */
  void acknowledge(Random random) {
    if (manual && returned > acknowledged) {
      acknowledge(acknowledged + random.nextLong(returned - acknowledged + 1));
    }
  }

  void acknowledgeAll() {
    if (manual && returned > acknowledged) {
      acknowledge(returned);
    }
  }

  private void acknowledge(long position) {
    acknowledged = position;
    subscription.acknowledge(at(position));
  }

  void close() {
    if (isLive()) {
      state = manual ? State.HELD : State.GONE;
      subscription.close();
    }
  }

  void forget() {
    if (state == State.HELD) {
      state = State.GONE;
      hub.forget(id());
    }
  }

  /** Whatever is confirmed, this subscriber has acknowledged, or it was of no concern. */
  void checkNotPassed(Lsn confirmed) {
    if (state == State.GONE || start < 0) {
      return;
    }
    if (manual) {
      assertThat(confirmed.value())
          .as("%s has acknowledged %d", id(), acknowledged)
          .isLessThanOrEqualTo(Math.max(start, acknowledged));
    } else {
      assertThat(nextAfter(acknowledged))
          .as("%s has acknowledged %d, confirmed is %s", id(), acknowledged, confirmed)
          .isGreaterThan(confirmed.value());
    }
  }

  /** Nothing up to here is missing. */
  void checkComplete(long end) {
    if (isLive()) {
      assertThat(nextAfter(seen)).as("%s: nothing is missing", id()).isGreaterThan(end);
    }
  }
}
