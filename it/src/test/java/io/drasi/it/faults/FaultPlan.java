package io.drasi.it.faults;

import io.drasi.it.faults.Fault.Spot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Every kind of fault at every place: at the boundaries of each kind of message, and within it.
 *
 * <p>{@code -Dfaults.seed} decides what is left open, {@code -Dfaults.only} takes the cases whose
 * name has a text in it.
 */
final class FaultPlan {
  private static final long SEED = Long.getLong("faults.seed", 1);
  private static final String ONLY = System.getProperty("faults.only", "");

  private FaultPlan() {}

  /** The seed. */
  static long seed() {
    return SEED;
  }

  /**
   * The cases.
   *
   * @param seen how many messages of each place come by when nothing is wrong
   */
  static List<Fault> of(Map<Place, Integer> seen) {
    return of(seen, 0);
  }

  private static List<Fault> of(Map<Place, Integer> seen, int time) {
    List<Fault> faults = new ArrayList<>();
    seen.forEach(
        (place, count) -> {
          for (FaultKind kind : FaultKind.values()) {
            for (Spot spot : spots(kind, place)) {
              faults.add(fault(kind, place, count, spot, time));
            }
          }
        });
    faults.removeIf(fault -> !fault.toString().contains(ONLY));
    return faults;
  }

  /**
   * The cases of one role, where messages cannot be told from one another: each kind at several
   * ones.
   *
   * @param times at how many
   */
  static List<Fault> of(Map<Place, Integer> seen, Role role, int times) {
    Map<Place, Integer> places = new TreeMap<>(seen);
    places.keySet().removeIf(place -> place.role() != role);
    List<Fault> faults = new ArrayList<>();
    for (int time = 0; time < times; time++) {
      faults.addAll(of(places, time));
    }
    return faults;
  }

  private static Fault fault(FaultKind kind, Place place, int count, Spot spot, int time) {
    long seed = SEED * 31 + time + "%s %s %s".formatted(kind, place, spot).hashCode();
    // What comes at every time of the day, such as a keepalive, may come once in a play.
    int occurrence = place.isPeriodic() ? 1 : 1 + new Random(seed).nextInt(count);
    return new Fault(kind, place, occurrence, spot, seed);
  }

  private static List<Spot> spots(FaultKind kind, Place place) {
    return switch (kind) {
      case CUT, RESET -> List.of(Spot.BEFORE, Spot.HEADER, Spot.BODY, Spot.AFTER);
      case HALF_OPEN -> List.of(either(place, 0));
      case BLACK_HOLE -> List.of(either(place, 1)); // the other one
      case FRAGMENTS, SLOW -> List.of(Spot.BEFORE);
      case DELAY -> List.of(Spot.BODY);
      case CORRUPTION -> corruptible(place);
    };
  }

  /** Silence takes a minute to be noticed: at the boundary, or within. */
  private static Spot either(Place place, int other) {
    return Math.floorMod(SEED + place.toString().hashCode() + other, 2) == 0
        ? Spot.BEFORE
        : Spot.BODY;
  }

  /** Only TLS lets any byte be checked. */
  private static List<Spot> corruptible(Place place) {
    if (place.role() == Role.TLS) {
      return List.of(Spot.BEFORE, Spot.HEADER, Spot.BODY);
    }
    return place.hasTag()
        ? List.of(Spot.BEFORE, Spot.HEADER, Spot.TAG)
        : List.of(Spot.BEFORE, Spot.HEADER);
  }
}
