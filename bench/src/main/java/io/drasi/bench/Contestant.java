package io.drasi.bench;

import io.drasi.bench.client.Task.Kind;
import java.util.Arrays;
import java.util.Locale;

/** Who is measured. */
public enum Contestant {
  DRASI("this source, binary", Kind.DRASI, "binary"),
  DRASI_TEXT("this source, text", Kind.DRASI, "text"),
  RAW("raw drain, text", Kind.RAW, "text"),
  RAW_BINARY("raw drain, binary", Kind.RAW, "binary"),
  PG_RECVLOGICAL("pg_recvlogical", Kind.RECVLOGICAL, "text"),
  PGJDBC("pgjdbc, drain", Kind.JDBC, "text"),
  DEBEZIUM("Debezium, default", Kind.DEBEZIUM, "default"),
  DEBEZIUM_TUNED("Debezium, tuned", Kind.DEBEZIUM, "tuned");

  private final String title;
  private final Kind kind;
  private final String variant;

  Contestant(String title, Kind kind, String variant) {
    this.title = title;
    this.kind = kind;
    this.variant = variant;
  }

  /** What it is called in tables and charts. */
  public String title() {
    return title;
  }

  Kind kind() {
    return kind;
  }

  String variant() {
    return variant;
  }

  /** What it is called in options and results: {@code debezium-tuned}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The contestant of that id. */
  public static Contestant of(String id) {
    return Arrays.stream(values())
        .filter(contestant -> contestant.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no contestant is called " + id));
  }
}
