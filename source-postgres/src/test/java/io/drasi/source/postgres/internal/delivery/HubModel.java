package io.drasi.source.postgres.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.DispatchMode;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.internal.transaction.CommittedTransaction;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A hub, the server before it and the subscribers behind it. The server's log is a transaction at
 * each multiple of {@link #GAP}; a session sends what lies after its start, with keepalives
 * between.
 */
final class HubModel {
  static final int GAP = 10;

  private final Random random;
  private final SubscriptionHub hub =
      new SubscriptionHub(
          Changes.settings(DispatchMode.CHANNEL, 4), Clock.systemUTC(), Changes.NO_LISTENER);
  private final List<ModelSubscriber> subscribers = new ArrayList<>();
  private int names;
  private long slot = 5;
  private long confirmed;
  private long delivered;
  private @Nullable HubSession session;
  private @Nullable Waiting dispatch;
  private long sentUpTo;
  private String last = "nothing yet";

  HubModel(Random random) {
    this.random = random;
  }

  /** What was done last. */
  String last() {
    return last;
  }

  /** How many transactions were taken. */
  long delivered() {
    return delivered;
  }

  /** Something happens. */
  void step() throws Exception {
    settle();
    int what = random.nextInt(100);
    if (what < 40) {
      send();
    } else if (what < 75) {
      take();
    } else if (what < 83) {
      last = "acknowledge";
      pick().ifLive(subscriber -> subscriber.acknowledge(random));
    } else if (what < 89) {
      subscribe();
    } else if (what < 92) {
      last = "close";
      pick().close();
    } else if (what < 93) {
      last = "forget";
      pick().forget();
    } else if (what < 98) {
      breakOff();
    } else {
      report();
    }
    settle();
  }

  /** The server is told what is confirmed. */
  private void report() {
    last = "report";
    slot = Math.max(slot, confirmed);
  }

  private void take() throws InterruptedException {
    last = "take";
    ModelSubscriber subscriber = pick();
    if (subscriber.isLive() && subscriber.take()) {
      delivered++;
    }
  }

  private ModelSubscriber pick() {
    if (subscribers.isEmpty()) {
      subscribe();
    }
    return subscribers.get(random.nextInt(subscribers.size()));
  }

  private void subscribe() {
    if (subscribers.stream().filter(ModelSubscriber::isLive).count() < 4) {
      last = "subscribe";
      subscribers.removeIf(ModelSubscriber::isGone);
      ModelSubscriber back = subscribers.stream().filter(s -> !s.isLive()).findFirst().orElse(null);
      boolean manual = random.nextBoolean();
      boolean ordersOnly = random.nextInt(4) == 0;
      if (back == null || random.nextBoolean()) {
        subscribers.add(new ModelSubscriber(hub, "s" + names++, manual, ordersOnly));
      } else {
        subscribers.remove(back);
        subscribers.add(back.comeBack(manual, ordersOnly, random));
      }
    }
  }

  /** The session sends the next transaction or a keepalive; it begins if there is none. */
  private void send() throws Exception {
    if (dispatch != null) {
      return;
    }
    HubSession current = session;
    if (current == null) {
      last = "begin";
      if (hub.hasSubscriptions() || random.nextInt(10) == 0) {
        session = Changes.begin(hub, Changes.at(slot));
        sentUpTo = session.start().value();
        subscribers.forEach(subscriber -> subscriber.begun(slot));
      }
    } else if (random.nextInt(4) == 0) {
      last = "keepalive";
      long next = (sentUpTo / GAP + 1) * GAP;
      sentUpTo += random.nextLong(next - sentUpTo);
      if (!current.advance(Changes.at(sentUpTo))) {
        session = null;
      }
    } else {
      sentUpTo = (sentUpTo / GAP + 1) * GAP;
      last = "transaction " + sentUpTo;
      CommittedTransaction transaction = ModelSubscriber.transaction(sentUpTo);
      dispatch = new Waiting(() -> current.dispatch(Changes.received(transaction)));
    }
  }

  /** Waits until the delivery is over, or held back by a subscriber. */
  private void settle() throws InterruptedException {
    Waiting running = dispatch;
    if (running != null && running.awaitWaitingOrReturn()) {
      dispatch = null;
      if (running.result().equals(false)) {
        session = null;
      }
    }
  }

  /** The connection is lost, perhaps between two subscribers. */
  private void breakOff() throws InterruptedException {
    if (random.nextBoolean()) {
      report();
    }
    last = "break off";
    Waiting running = dispatch;
    if (running != null) {
      running.interrupt(); // it may be about to go on, and then it hands over to everybody
      running.awaitReturn();
      dispatch = null;
    }
    session = null;
  }

  private long confirmed() {
    return hub.confirmed().value();
  }

  /** What must hold at all times. */
  void check() {
    assertThat(confirmed()).as("never backwards").isGreaterThanOrEqualTo(confirmed);
    confirmed = confirmed();
    if (hub.position().isPresent()) {
      subscribers.forEach(subscriber -> subscriber.checkNotPassed(new Lsn(confirmed)));
    }
  }

  /** Everybody takes everything: then everything is confirmed. */
  void finish() throws Exception {
    last = "finish";
    breakOff();
    subscribe();
    for (ModelSubscriber subscriber : subscribers) {
      subscriber.forget();
    }
    long end = sentUpTo + 20 * GAP;
    while (session == null || dispatch != null || sentUpTo < end) {
      send();
      settle();
      for (ModelSubscriber subscriber : subscribers) {
        while (subscriber.isLive() && subscriber.take()) {
          delivered++;
        }
        subscriber.ifLive(ModelSubscriber::acknowledgeAll);
      }
      settle();
      check();
    }
    assertThat(confirmed()).as("all is confirmed").isGreaterThanOrEqualTo(end);
    for (ModelSubscriber subscriber : subscribers) {
      subscriber.checkComplete(end);
    }
  }
}
