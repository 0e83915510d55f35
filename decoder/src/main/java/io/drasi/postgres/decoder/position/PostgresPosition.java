package io.drasi.postgres.decoder.position;

import io.drasi.api.source.SourcePosition;
import io.drasi.postgres.protocol.message.Lsn;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the changes of a PostgreSQL cluster. Printed as {@code 7381923847234-1-16/B374D848}:
 * system identifier, timeline, LSN; with a fourth part for a place within a transaction.
 *
 * @param systemId the cluster's identifier, unsigned
 * @param timeline the timeline on which it was seen
 * @param endLsn the end of the transaction: the first byte after its commit record
 * @param ordinal how many of the transaction's messages lie before, or {@link #WHOLE}
 */
public record PostgresPosition(long systemId, int timeline, Lsn endLsn, long ordinal)
    implements SourcePosition {
  /** The ordinal that means the whole transaction. */
  public static final long WHOLE = Long.MAX_VALUE;

  private static final int LENGTH_BYTES = 8 + 4 + 8 + 8;
  private static final Pattern PRINTED =
      Pattern.compile("(\\d{1,20})-(\\d{1,10})-([0-9A-Fa-f/]{3,17})(?:-(\\d{1,19}))?");
  private static final Comparator<PostgresPosition> ORDER =
      Comparator.comparing(PostgresPosition::endLsn)
          .thenComparingLong(PostgresPosition::ordinal)
          .thenComparingInt(PostgresPosition::timeline);

  public PostgresPosition {
    Objects.requireNonNull(endLsn, "endLsn");
    if (ordinal < 0) {
      throw new IllegalArgumentException("ordinal must not be negative, was " + ordinal);
    }
  }

  /** The position after a whole transaction. */
  public static PostgresPosition after(long systemId, int timeline, Lsn endLsn) {
    return new PostgresPosition(systemId, timeline, endLsn, WHOLE);
  }

  /**
   * Reads the printed form.
   *
   * @throws IllegalArgumentException when it is anything else
   */
  public static PostgresPosition parse(String printed) {
    Matcher parts = PRINTED.matcher(printed);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "a position is <system>-<timeline>-<lsn>, for example 7381923847234-1-16/B374D848, was"
              + " \"%s\"".formatted(printed));
    }
    return new PostgresPosition(
        Long.parseUnsignedLong(parts.group(1)),
        Integer.parseInt(parts.group(2)),
        Lsn.parse(parts.group(3)),
        parts.group(4) == null ? WHOLE : Long.parseLong(parts.group(4)));
  }

  /**
   * Reads the byte form.
   *
   * @throws IllegalArgumentException when it is anything else
   */
  public static PostgresPosition parse(byte[] bytes) {
    if (bytes.length != LENGTH_BYTES) {
      throw new IllegalArgumentException(
          "a position has %d bytes, was %d".formatted(LENGTH_BYTES, bytes.length));
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new PostgresPosition(in.getLong(), in.getInt(), new Lsn(in.getLong()), in.getLong());
  }

  @Override
  public byte[] toBytes() {
    return ByteBuffer.allocate(LENGTH_BYTES)
        .putLong(systemId)
        .putInt(timeline)
        .putLong(endLsn.value())
        .putLong(ordinal)
        .array();
  }

  @Override
  public int compareTo(SourcePosition other) {
    if (!(other instanceof PostgresPosition that)) {
      throw new IllegalArgumentException("not a position in PostgreSQL: " + other);
    }
    if (that.systemId != systemId) {
      throw new IllegalArgumentException(
          "positions of two PostgreSQL systems have no order: %s and %s".formatted(this, other));
    }
    return ORDER.compare(this, that);
  }

  @Override
  public String toString() {
    String whole = "%s-%d-%s".formatted(Long.toUnsignedString(systemId), timeline, endLsn);
    return ordinal == WHOLE ? whole : whole + "-" + ordinal;
  }
}
