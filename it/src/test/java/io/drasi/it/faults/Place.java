package io.drasi.it.faults;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A kind of message on a kind of connection.
 *
 * @param message its name in the manual, with the tag of the output plugin's message or the first
 *     word of the query where it holds one
 */
record Place(Role role, Direction direction, String message) implements Comparable<Place> {
  private static final Comparator<Place> ORDER =
      Comparator.comparing(Place::role)
          .thenComparing(Place::direction)
          .thenComparing(Place::message);

  private static final List<String> LOG_IN =
      List.of("SSL", "Startup", "SASL", "Authentication", "BackendKeyData", "ParameterStatus");
  private static final String XLOG_DATA = "CopyData.XLogData.";
  private static final String COPY_DATA = "CopyData.";

  /** Whether its messages hold others, which have tags. */
  boolean hasTag() {
    return message.startsWith(COPY_DATA) && !message.equals("CopyData.Row");
  }

  /** What the connection is doing there, in a word or two. */
  String phase() {
    if (role == Role.TLS) {
      return "within TLS";
    }
    if (role == Role.NEW || LOG_IN.stream().anyMatch(message::startsWith)) {
      return "log-in";
    }
    if (role.isOfBootstrap()) {
      return "bootstrap";
    }
    boolean streams = message.startsWith("Copy");
    return streams ? "stream" : "%s commands".formatted(role.name().toLowerCase(Locale.ROOT));
  }

  /** Whether its messages come by the clock. */
  boolean isPeriodic() {
    return message.equals("CopyData.Keepalive") || message.equals("CopyData.StandbyStatusUpdate");
  }

  /** Where that tag is. */
  int tagOffset() {
    return message.startsWith(XLOG_DATA) ? 30 : 5;
  }

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return "%s %s %s".formatted(role, direction, message);
  }
}
