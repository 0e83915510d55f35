package io.drasi.it.types;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Locale;
import java.util.Random;

/** Dates and times from the whole range of their types. */
final class TimeValues {
  private static final LocalDate FIRST = LocalDate.of(-4712, 1, 1);
  private static final long LAST_DATE = LocalDate.of(5874897, 12, 31).toEpochDay();
  private static final long LAST_TIMESTAMP = LocalDate.of(294276, 12, 30).toEpochDay();
  private static final long MICROS_PER_DAY = Duration.ofDays(1).toNanos() / 1000;

  private TimeValues() {}

  static String date(Random random) {
    LocalDate date = day(random, LAST_DATE);
    return printed(date) + era(date);
  }

  private static LocalDate day(Random random, long last) {
    long first = FIRST.toEpochDay();
    return random.nextBoolean()
        ? LocalDate.of(2000, 1, 1).plusDays(random.nextInt(20_000) - 10_000)
        : LocalDate.ofEpochDay(first + (long) (random.nextDouble() * (last - first)));
  }

  private static String printed(LocalDate date) {
    int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
    return String.format(
        Locale.ROOT, "%04d-%02d-%02d", year, date.getMonthValue(), date.getDayOfMonth());
  }

  private static String era(LocalDate date) {
    return date.getYear() > 0 ? "" : " BC";
  }

  static String time(Random random) {
    long micros = (long) (random.nextDouble() * MICROS_PER_DAY);
    if (random.nextBoolean()) {
      micros -= micros % 1_000_000;
    }
    return LocalTime.ofNanoOfDay(micros * 1000).toString();
  }

  static String timetz(Random random) {
    int hours = random.nextInt(16);
    String offset = String.format(Locale.ROOT, "%02d", hours);
    if (random.nextBoolean()) {
      offset += String.format(Locale.ROOT, ":%02d", random.nextInt(60));
      offset += random.nextBoolean() ? "" : String.format(Locale.ROOT, ":%02d", random.nextInt(60));
    }
    return time(random) + (random.nextBoolean() ? "+" : "-") + offset;
  }

  static String timestamp(Random random) {
    LocalDate date = day(random, LAST_TIMESTAMP);
    return printed(date) + " " + time(random) + era(date);
  }

  static String timestamptz(Random random) {
    LocalDate date = day(random, LAST_TIMESTAMP);
    return printed(date) + " " + time(random) + "+00" + era(date);
  }

  static String interval(Random random) {
    long micros = random.nextLong() >> 1 >> random.nextInt(63);
    return interval(
        random.nextInt() >> random.nextInt(32), random.nextInt() >> random.nextInt(32), micros);
  }

  /** An interval as the server reads it. */
  static String interval(int months, int days, long micros) {
    return "%d mons %d days %s%d:%02d:%02d.%06d"
        .formatted(
            months,
            days,
            micros < 0 ? "-" : "",
            Math.abs(micros / 3_600_000_000L),
            Math.abs(micros / 60_000_000 % 60),
            Math.abs(micros / 1_000_000 % 60),
            Math.abs(micros % 1_000_000));
  }

  /** Two timestamps in order, as bounds of a range. */
  static String[] ordered(Random random) {
    LocalDateTime one = LocalDateTime.of(1000 + random.nextInt(2000), 1, 1, 0, 0);
    LocalDateTime other = one.plusNanos(1000L * (1 + random.nextInt(Integer.MAX_VALUE)));
    return new String[] {one.toString(), other.toString()};
  }
}
