package io.drasi.source.postgres.internal.delivery;

import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.protocol.message.Lsn;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where manual subscribers stand that have gone away. They hold the slot there until they come back
 * or are forgotten, and may still acknowledge.
 *
 * <p>Not thread-safe: guarded by the lock of the {@link SubscriptionHub}.
 */
final class Places {
  private final Register register;
  private final Map<String, Place> away = new LinkedHashMap<>();

  /**
   * How far one had come.
   *
   * @param stream where the stream was when it went away; null where that is not known
   * @param verified its last place that the stream is known to reach; empty where this is it
   */
  record Place(
      SubscriberProgress progress, @Nullable PostgresPosition stream, Optional<Place> verified) {

    /** The slot is held here: both where it says it is, and where it is known to have been. */
    Lsn holdsAt() {
      Lsn own = progress.acknowledged();
      return verified.map(Place::holdsAt).filter(own::isAfter).orElse(own);
    }

    /** The first session begins here. */
    void begin(Lsn start) {
      progress.begin(start);
      verified.ifPresent(place -> place.begin(start));
    }

    /** What it has acknowledged, on the timeline it came from. */
    Optional<PostgresPosition> position() {
      return Optional.ofNullable(stream)
          .map(
              then ->
                  PostgresPosition.after(
                      then.systemId(), then.timeline(), progress.acknowledged()));
    }
  }

  /** Those who are registered are away since the process began. */
  Places(Register register) {
    this.register = register;
    register.ids().stream()
        .filter(id -> !register.isBehind(id))
        .forEach(
            id ->
                away.put(id, new Place(new SubscriberProgress(Lsn.NONE), null, Optional.empty())));
  }

  Optional<Place> find(String subscriberId) {
    return Optional.ofNullable(away.get(subscriberId));
  }

  /**
   * A subscriber has come.
   *
   * @return the place it has left for that
   */
  Optional<Place> arrive(HubSubscription subscription) {
    if (subscription.isManual()) {
      register.add(subscription.subscriberId());
    } else {
      register.remove(subscription.subscriberId());
    }
    return Optional.ofNullable(away.remove(subscription.subscriberId()));
  }

  /** A subscriber has come in vain: it stands where it stood before. */
  void restore(String subscriberId, Optional<Place> before) {
    if (before.isPresent()) {
      register.add(subscriberId);
      away.put(subscriberId, before.get());
    } else {
      giveUp(subscriberId);
    }
  }

  /** A subscriber goes away, and may come back. */
  void leave(HubSubscription subscription, @Nullable PostgresPosition stream) {
    away.put(
        subscription.subscriberId(), new Place(subscription.progress(), stream, Optional.empty()));
  }

  /**
   * A subscriber goes away before it is known whether it could have begun.
   *
   * @param wanted where it wanted to begin
   * @param before the place it had left for that
   */
  void leaveUnverified(
      HubSubscription subscription, PostgresPosition wanted, Optional<Place> before) {
    Optional<Place> verified = before.map(place -> place.verified().orElse(place));
    away.put(subscription.subscriberId(), new Place(subscription.progress(), wanted, verified));
  }

  /** A subscriber goes away without a place; that it has missed changes is not forgotten. */
  void giveUp(String subscriberId) {
    if (register.isBehind(subscriberId)) {
      away.remove(subscriberId);
    } else {
      forget(subscriberId);
    }
  }

  /** Nobody comes back by this id. */
  void forget(String subscriberId) {
    register.remove(subscriberId);
    away.remove(subscriberId);
  }

  /** The stream they would go on with is lost: they hold nothing, and need a bootstrap. */
  void lose() {
    register.lose();
    away.clear();
  }

  /** Whether one has missed changes for good. */
  boolean isBehind(String subscriberId) {
    return register.isBehind(subscriberId);
  }

  /** One has everything again. */
  void setCurrent(String subscriberId) {
    register.setCurrent(subscriberId);
  }

  /** Whether the slot was used, by this process or one before it. */
  boolean isSlotUsed() {
    return register.isSlotUsed();
  }

  void clear() {
    register.clear();
    away.clear();
  }

  /** The first session begins here. */
  void begin(Lsn start) {
    register.setSlotUsed();
    away.values().forEach(place -> place.begin(start));
  }

  /** Who of them holds the slot at a position. */
  Optional<String> holderAt(Lsn position) {
    return away.entrySet().stream()
        .filter(entry -> entry.getValue().holdsAt().equals(position))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Where they hold the slot; null when there are none. */
  @Nullable Lsn held() {
    Lsn least = null;
    for (Place place : away.values()) {
      least = Roster.earlier(least, place.holdsAt());
    }
    return least;
  }
}
