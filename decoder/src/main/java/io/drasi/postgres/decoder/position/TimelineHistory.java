package io.drasi.postgres.decoder.position;

import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The timelines that led to a server's, and where each was left. A promoted standby has left the
 * timeline of its primary: what the primary wrote after that place is not in its log. Immutable.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-TIMELINES">Manual,
 *     Timelines</a>
 */
public final class TimelineHistory {
  private static final Pattern LINE = Pattern.compile("\\s*(\\d{1,10})\\s+([0-9A-Fa-f/]+)(\\s.*)?");

  private final int timeline;
  private final Map<Integer, Lsn> leftAt;

  private TimelineHistory(int timeline, Map<Integer, Lsn> leftAt) {
    this.timeline = timeline;
    this.leftAt = leftAt;
  }

  /** The history of a server that was never promoted. */
  public static TimelineHistory none(int timeline) {
    return new TimelineHistory(timeline, Map.of());
  }

  /**
   * Reads a timeline history file, as TIMELINE_HISTORY gives it.
   *
   * @param timeline the timeline whose history it is
   * @param content the file
   * @throws ProtocolException when it is anything else
   */
  public static TimelineHistory parse(int timeline, String content) throws ProtocolException {
    Map<Integer, Lsn> leftAt = new TreeMap<>();
    for (String line : content.lines().toList()) {
      if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
          throw new ProtocolException(
              "TIMELINE_HISTORY %d: not a timeline and a position: %s".formatted(timeline, line));
        }
        leftAt.put(
            number(timeline, parts.group(1), Integer::valueOf),
            number(timeline, parts.group(2), Lsn::parse));
      }
    }
    return new TimelineHistory(timeline, leftAt);
  }

  private static <T> T number(int timeline, String text, Function<String, T> parser)
      throws ProtocolException {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) { // what has too many digits, too
      throw new ProtocolException("TIMELINE_HISTORY %d: %s".formatted(timeline, e.getMessage()));
    }
  }

  /**
   * Why a position is not part of the server's history; empty when it is.
   *
   * @param onTimeline the timeline on which the position was seen
   * @param position the end of a transaction
   */
  public Optional<String> whyForeign(int onTimeline, Lsn position) {
    if (onTimeline == timeline) {
      return Optional.empty();
    }
    Lsn left = leftAt.get(onTimeline);
    if (left == null) {
      return Optional.of(
          "the server is on timeline %d, which does not come from timeline %d"
              .formatted(timeline, onTimeline));
    }
    return position.isAfter(left)
        ? Optional.of(
            "the server is on timeline %d, which left timeline %d at %s"
                .formatted(timeline, onTimeline, left))
        : Optional.empty();
  }
}
