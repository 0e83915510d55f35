package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.source.PositionUnavailableException;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SourcePosition;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.internal.delivery.Places.Place;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who subscribes, where the stream is, and what follows from how far each has come: where a session
 * starts, and what may be confirmed.
 *
 * <p>Not thread-safe: guarded by the lock of the {@link SubscriptionHub}.
 */
final class Roster {
  private final Map<String, HubSubscription> live = new LinkedHashMap<>();

  /** Subscriptions whose first position no server has been asked about yet. */
  private final Map<HubSubscription, Unchecked> unchecked = new LinkedHashMap<>();

  private final Places places;

  /** Whether the stream was lost, and no other has begun. */
  private boolean lost;

  private @Nullable StreamOrigin origin;
  private @Nullable PostgresPosition position;
  private Lsn confirmed = Lsn.NONE;

  /** The furthest that any session has come. */
  private Lsn furthest = Lsn.NONE;

  /**
   * A subscription that may not be able to begin.
   *
   * @param wanted where it wants to resume
   * @param before where it stands should that not be possible
   */
  private record Unchecked(PostgresPosition wanted, Optional<Place> before) {}

  Roster(Register register) {
    this.places = new Places(register);
  }

  /** Up to where the stream was handed over; null before the first session. */
  @Nullable PostgresPosition position() {
    return position;
  }

  /** Whether the slot was used, by this process or one before it: that it is gone is a loss. */
  boolean isSlotUsed() {
    return position != null || places.isSlotUsed();
  }

  /** What every subscriber has acknowledged. */
  Lsn confirmed() {
    return confirmed;
  }

  Collection<HubSubscription> live() {
    return live.values();
  }

  boolean isLive(String subscriberId) {
    return live.containsKey(subscriberId);
  }

  /**
   * Where a subscription begins.
   *
   * @param own the position it goes on from, where it has one of its own
   */
  record Beginning(Lsn start, Optional<PostgresPosition> own) {}

  /**
   * Where a new subscriber starts: at the position it wants to resume from, where it left off when
   * it went away, or where the stream is.
   *
   * @throws PositionUnavailableException when the stream cannot start there
   */
  Beginning beginningOf(SubscriptionRequest request) {
    String id = request.subscriberId();
    boolean tellsWhatItHas = request.resumeFrom().isPresent(); // and is refused where that is gone
    if (!tellsWhatItHas && !request.bootstrap() && places.isBehind(id)) {
      throw new SourceException(
          "the replication slot was lost while %1$s was away, and changes with it: subscribe with a bootstrap, or call forget(\"%1$s\")"
              .formatted(id),
          null);
    }
    Optional<Place> place =
        request.bootstrap() ? Optional.empty() : places.find(request.subscriberId());
    Optional<PostgresPosition> own =
        request.resumeFrom().map(Roster::wholePosition).or(() -> place.flatMap(Place::position));
    own.ifPresent(this::requireOfThisLog);
    Lsn start =
        own.map(PostgresPosition::endLsn)
            .or(() -> place.map(left -> left.progress().acknowledged()))
            .orElseGet(this::here);
    return new Beginning(start, own);
  }

  /** A session that repeats what one subscriber has missed may stand before what is confirmed. */
  private Lsn here() {
    return position == null ? Lsn.NONE : Lsn.max(position.endLsn(), confirmed);
  }

  /** The log has grown since: where it ends now is asked before the next session begins. */
  private void requireOfThisLog(PostgresPosition wanted) {
    StreamOrigin server = origin;
    if (server != null) {
      requireAvailable(wanted, server.whyOfAnotherLog(wanted), server, confirmed);
    }
  }

  private static PostgresPosition wholePosition(SourcePosition wanted) {
    if (wanted instanceof PostgresPosition mine && mine.ordinal() == PostgresPosition.WHOLE) {
      return mine;
    }
    throw new IllegalArgumentException(
        "not the position of a whole transaction in PostgreSQL: " + wanted);
  }

  /** Of what was confirmed the server has nothing left, and would pass over it in silence. */
  private static void requireAvailable(
      PostgresPosition wanted, Optional<String> foreign, StreamOrigin server, Lsn confirmed) {
    PostgresPosition earliest =
        PostgresPosition.after(server.slot().systemId(), server.slot().timeline(), confirmed);
    if (foreign.isPresent()) {
      throw new PositionUnavailableException(wanted, earliest, foreign.get());
    }
    if (confirmed.isAfter(wanted.endLsn())) {
      throw new PositionUnavailableException(
          wanted, earliest, "the slot keeps only what comes after " + confirmed);
    }
  }

  /**
   * Adds a subscription.
   *
   * @return whether the stream has to start elsewhere for it
   */
  boolean add(HubSubscription subscription, Beginning beginning) {
    Optional<Place> before = places.arrive(subscription);
    live.put(subscription.subscriberId(), subscription);
    PostgresPosition wanted = beginning.own().orElse(null);
    if (wanted != null && position != null && position.endLsn().equals(wanted.endLsn())) {
      places.setCurrent(subscription.subscriberId());
    } else if (wanted != null) {
      unchecked.put(subscription, new Unchecked(wanted, before));
    }
    return position != null
        && (position.endLsn().isAfter(beginning.start()) || unchecked.containsKey(subscription));
  }

  /**
   * Removes a subscription.
   *
   * @param keepsPlace whether it may come back to where it left off
   * @return false when it was removed before
   */
  boolean remove(HubSubscription subscription, boolean keepsPlace) {
    Unchecked refusable = unchecked.remove(subscription);
    if (!live.remove(subscription.subscriberId(), subscription)) {
      return false;
    }
    if (!keepsPlace || subscription.progress().isBootstrapUntaken()) {
      places.giveUp(subscription.subscriberId());
    } else if (refusable != null) {
      places.leaveUnverified(subscription, refusable.wanted(), refusable.before());
    } else {
      places.leave(subscription, position);
    }
    if (live.isEmpty() && position != null) {
      // Nobody reads on: the next one to come starts at what is confirmed, in a new session.
      position = PostgresPosition.after(position.systemId(), position.timeline(), confirmed);
    }
    return true;
  }

  void forget(String subscriberId) {
    places.forget(subscriberId);
  }

  /**
   * The stream is lost, and another one begins with the next session. Of those who subscribe, those
   * stay who are bootstrapped again.
   *
   * @return the others, who do not subscribe any more
   */
  List<HubSubscription> lose() {
    places.lose();
    List<HubSubscription> ended =
        live.values().stream().filter(one -> !one.request().bootstrap()).toList();
    live.values().removeAll(ended);
    forgetStream();
    lost = true;
    return ended;
  }

  /** Whether the stream was lost, and no other has begun. */
  boolean hasLost() {
    return lost;
  }

  /** A subscriber has everything again, unless that was lost meanwhile. */
  void setCurrent(HubSubscription subscription) {
    if (!lost) {
      places.setCurrent(subscription.subscriberId());
    }
  }

  /** Nothing is known of the stream any more. */
  void reset() {
    places.clear();
    live.clear();
    forgetStream();
  }

  private void forgetStream() {
    unchecked.clear();
    origin = null;
    position = null;
    confirmed = Lsn.NONE;
    furthest = Lsn.NONE;
  }

  /**
   * A session begins. Subscriptions that want to resume where the server cannot are ended.
   *
   * @throws SourceException when the server cannot serve those that follow the stream
   */
  void begin(StreamOrigin server) {
    PostgresPosition slot = server.slot();
    requireSameLog(server);
    if (position == null) {
      confirmed = slot.endLsn();
      places.begin(confirmed);
      live.values().stream()
          .filter(subscription -> !unchecked.containsKey(subscription))
          .forEach(subscription -> subscription.progress().begin(confirmed));
      unchecked.values().forEach(one -> one.before().ifPresent(place -> place.begin(confirmed)));
    }
    unchecked.forEach((subscription, one) -> check(subscription, one, server));
    unchecked.clear();
    Lsn start = start();
    if (slot.endLsn().isAfter(start)) {
      throw new SourceException(
          ("the slot stands at %s, but subscribers have received changes up to %s only:"
                  + " something else has used the slot, and the changes between are lost;"
                  + " give each source a slot of its own")
              .formatted(slot.endLsn(), start),
          null);
    }
    origin = server;
    lost = false;
    advance(PostgresPosition.after(slot.systemId(), slot.timeline(), start));
  }

  private void check(HubSubscription subscription, Unchecked one, StreamOrigin server) {
    PostgresPosition wanted = one.wanted();
    try {
      Lsn earliest = Lsn.max(confirmed, server.slot().endLsn());
      requireAvailable(wanted, server.whyForeign(wanted), server, earliest);
      places.setCurrent(subscription.subscriberId());
    } catch (PositionUnavailableException e) {
      live.remove(subscription.subscriberId());
      places.restore(subscription.subscriberId(), one.before());
      subscription.end(() -> e);
    }
  }

  private Lsn start() {
    return live.values().stream()
        .map(subscription -> subscription.progress().offered())
        .min(Lsn::compareTo)
        .orElse(confirmed);
  }

  /** Where logs differ, positions have no order: whatever was compared would be wrong. */
  private void requireSameLog(StreamOrigin server) {
    PostgresPosition last = position;
    if (last == null) {
      return;
    }
    Lsn latest =
        live.values().stream()
            .filter(subscription -> !unchecked.containsKey(subscription))
            .map(subscription -> subscription.progress().offered())
            .reduce(Lsn.max(last.endLsn(), confirmed), Lsn::max);
    Optional<String> foreign =
        server.whyForeign(PostgresPosition.after(last.systemId(), last.timeline(), latest));
    if (foreign.isPresent()) {
      throw new SourceException(
          ("the server's log is not the one the subscribers' changes came from, up to %s on"
                  + " timeline %d: %s; connect to the server they came from, or make a new source"
                  + " and bootstrap the subscribers again")
              .formatted(latest, last.timeline(), foreign.get()),
          null);
    }
  }

  /** Why a position is not part of the stream, however far that has come; empty when it is. */
  Optional<String> whyOfAnotherLog(PostgresPosition place) {
    return origin == null ? Optional.empty() : origin.whyOfAnotherLog(place);
  }

  /** Everything up to a position was handed over. */
  void advance(PostgresPosition newPosition) {
    position = newPosition;
    furthest = Lsn.max(furthest, newPosition.endLsn());
  }

  /** A subscription may have acknowledged more; says whether more is confirmed. */
  boolean confirm() {
    if (live.isEmpty() || position == null) {
      return false;
    }
    // Who has resumed or bootstrapped may be ahead of the stream, which has to come there first.
    Lsn reached = Lsn.min(held(), furthest);
    boolean advanced = reached.isAfter(confirmed);
    if (advanced) {
      confirmed = reached;
    }
    return advanced;
  }

  /** For whom the slot is held, and where that one is; empty when all have acknowledged all. */
  Optional<String> holder() {
    PostgresPosition handedOver = position;
    if (handedOver == null || !handedOver.endLsn().isAfter(confirmed)) {
      return Optional.empty();
    }
    Lsn least = held();
    return live.values().stream()
        .filter(subscription -> subscription.progress().confirmable().equals(least))
        .findFirst()
        .map(HubSubscription::describe)
        .or(() -> places.holderAt(least).map("the subscriber %s, which is away,"::formatted))
        .map(who -> "%s has acknowledged up to %s only".formatted(who, least));
  }

  /** Where the slot is held. Asked twice for each transaction, hence without streams. */
  private Lsn held() {
    Lsn least = places.held();
    for (HubSubscription subscription : live.values()) {
      least = earlier(least, subscription.progress().confirmable());
    }
    for (Unchecked one : unchecked.values()) {
      if (one.before().isPresent()) {
        least = earlier(least, one.before().get().holdsAt());
      }
    }
    return least == null ? Lsn.NONE : least;
  }

  static Lsn earlier(@Nullable Lsn one, Lsn other) {
    return one == null ? other : Lsn.min(one, other);
  }
}
