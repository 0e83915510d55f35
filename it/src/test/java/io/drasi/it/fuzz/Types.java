package io.drasi.it.fuzz;

import io.drasi.postgres.decoder.value.Codec;
import io.drasi.postgres.decoder.value.Codecs;
import io.drasi.postgres.decoder.value.TypeCodecs;
import io.drasi.postgres.decoder.value.TypeDescription;
import io.drasi.postgres.decoder.value.TypeDescription.Column;
import io.drasi.postgres.decoder.value.TypeDescription.Kind;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Every type that there is a codec for, and one of each kind that a database can make of them. */
final class Types {
  private static final int INT4 = 23;
  private static final int TEXT = 25;
  private static final int FLOAT4 = 700;
  private static final int INTERVAL = 1186;
  private static final int BOOL = 16;
  private static final int INT4_ARRAY = 1007;
  private static final int HSTORE = 20_001;
  private static final int CITEXT = 20_002;
  private static final int LTREE = 20_003;
  private static final int PAIR = 20_010;
  private static final int PAIRS = 20_011;
  private static final int MOOD = 20_013;
  private static final int PAIR_RANGE = 20_015;
  private static final int NUMBERS = 20_012;
  private static final int DEEP = 20_020;
  private static final int HIGHEST = 20_025;

  /** No type of PostgreSQL's own has a higher OID. */
  private static final int MOST_BUILT_IN = 10_000;

  static final TypeCodecs ALL =
      TypeCodecs.of(new Codecs(List.of()))
          .with(
              List.of(
                  type(HSTORE, "hstore", Kind.BASE, 0),
                  type(CITEXT, "citext", Kind.BASE, 0),
                  type(LTREE, "ltree", Kind.BASE, 0),
                  type(20_004, "lquery", Kind.BASE, 0),
                  type(20_005, "ltxtquery", Kind.BASE, 0),
                  type(20_006, "unheard_of", Kind.BASE, 0),
                  type(20_007, "_hstore", Kind.ARRAY, HSTORE),
                  row(PAIR, "pair", new Column("a", INT4), new Column("B b", TEXT)),
                  type(PAIRS, "_pair", Kind.ARRAY, PAIR),
                  type(NUMBERS, "numbers", Kind.DOMAIN, INT4_ARRAY),
                  type(MOOD, "mood", Kind.ENUM, 0),
                  type(20_014, "_mood", Kind.ARRAY, MOOD),
                  type(PAIR_RANGE, "pairrange", Kind.RANGE, PAIR),
                  type(20_016, "pairmultirange", Kind.MULTIRANGE, PAIR_RANGE),
                  type(20_017, "textrange", Kind.RANGE, TEXT),
                  row(20_018, "empty"),
                  row(20_019, "single", new Column("one", TEXT)),
                  row(
                      DEEP,
                      "deep",
                      new Column("p", PAIR),
                      new Column("ps", PAIRS),
                      new Column("n", NUMBERS),
                      new Column("m", MOOD),
                      new Column("h", HSTORE),
                      new Column("f", FLOAT4),
                      new Column("b", BOOL),
                      new Column("i", INTERVAL)),
                  type(20_021, "_deep", Kind.ARRAY, DEEP),
                  type(20_022, "_citext", Kind.ARRAY, CITEXT),
                  type(20_023, "_ltree", Kind.ARRAY, LTREE),
                  type(20_024, "_numbers", Kind.ARRAY, NUMBERS),
                  type(HIGHEST, "_pairrange", Kind.ARRAY, PAIR_RANGE)));

  private static final TreeSet<Integer> OIDS =
      IntStream.rangeClosed(1, HIGHEST)
          .filter(oid -> oid <= MOST_BUILT_IN || oid >= HSTORE)
          .filter(oid -> ALL.unknown(List.of(oid)).isEmpty())
          .boxed()
          .collect(Collectors.toCollection(TreeSet::new));

  private Types() {}

  /** The codec of the type with this OID, or with the one next below it. */
  static Codec codec(int oid, boolean lenient) {
    Integer known = OIDS.floor(oid);
    return (lenient ? ALL.lenient() : ALL).codec(known == null ? OIDS.first() : known);
  }

  private static TypeDescription type(int oid, String name, Kind kind, int part) {
    return new TypeDescription(oid, "public", name, kind, part, ',', List.of());
  }

  private static TypeDescription row(int oid, String name, Column... columns) {
    return new TypeDescription(oid, "public", name, Kind.COMPOSITE, 0, ',', List.of(columns));
  }
}
