package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The types that are built into PostgreSQL, with their arrays, ranges and multiranges, by OID. The
 * OIDs are fixed: {@code src/include/catalog/pg_type.dat}.
 *
 * <p>The text format is expected as the server prints it with {@code DateStyle = ISO}, {@code
 * IntervalStyle = postgres}, {@code TimeZone = UTC}, {@code client_encoding = UTF8}, {@code
 * bytea_output = hex} and {@code extra_float_digits} of at least 1. A value that no {@link
 * ElementValue} stands for (an infinite date, a numeric NaN, the time {@code 24:00:00}) is {@link
 * ElementValue.Text} as the server prints it.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype.html">Manual, Data Types</a>
 */
final class BuiltInTypes {
  private static final long MOST_UNSIGNED = 0xFFFF_FFFFL;

  /** Characters in either format. */
  static final Codec TEXT = TypeTable.characters("text");

  private static final TypeTable TABLE = new TypeTable();

  static {
    numbers();
    characters();
    datesAndTimes();
    networkAddresses();
    geometry();
    rest();
    namesOfObjects();
    ranges();
  }

  private BuiltInTypes() {}

  /** The codec of a type; null when it is not built in, or nothing more than its text is known. */
  static @Nullable Codec find(int oid) {
    return TABLE.find(oid);
  }

  /** What the types' values are, by name; immutable. */
  static Map<String, Class<? extends ElementValue>> forms() {
    return TABLE.forms();
  }

  private static void numbers() {
    TABLE.add(16, 1000, "bool", ElementValue.Bool.class, BuiltInTypes::bool, ScalarBinary.bool());
    TABLE.integer(20, 1016, "int8", Long.MIN_VALUE, Long.MAX_VALUE, ScalarBinary::int8);
    TABLE.integer(21, 1005, "int2", Short.MIN_VALUE, Short.MAX_VALUE, ScalarBinary::int2);
    TABLE.integer(23, 1007, "int4", Integer.MIN_VALUE, Integer.MAX_VALUE, ScalarBinary::int4);
    TABLE.integer(26, 1028, "oid", 0, MOST_UNSIGNED, ScalarBinary.unsigned("oid"));
    TABLE.integer(28, 1011, "xid", 0, MOST_UNSIGNED, ScalarBinary.unsigned("xid"));
    TABLE.integer(29, 1012, "cid", 0, MOST_UNSIGNED, ScalarBinary.unsigned("cid"));
    TABLE.add(
        5069, 271, "xid8", ElementValue.Integer.class, BuiltInTypes::xid8, ScalarBinary::xid8);
    TABLE.vector(22, 1006, "int2vector", 21);
    TABLE.vector(30, 1013, "oidvector", 26);
    TABLE.add(
        700,
        1021,
        "float4",
        ElementValue.Float.class,
        FloatText::decodeFloat4,
        ScalarBinary.float4());
    TABLE.add(
        701,
        1022,
        "float8",
        ElementValue.Float.class,
        FloatText::decodeFloat8,
        ScalarBinary::float8);
    TABLE.add(
        1700,
        1231,
        "numeric",
        ElementValue.Decimal.class,
        NumericText::decode,
        NumericBinary::decode);
    TABLE.textOnly(790, 791, "money"); // what its number means depends on the server's locale
  }

  private static void characters() {
    TABLE.add(
        18,
        1002,
        "char",
        ElementValue.Text.class,
        ScalarBinary::characterText,
        ScalarBinary::character);
    TABLE.text(19, 1003, "name");
    TABLE.text(25, 1009, "text");
    TABLE.text(1042, 1014, "bpchar");
    TABLE.text(1043, 1015, "varchar");
    TABLE.text(142, 143, "xml");
    TABLE.text(1790, 2201, "refcursor");
    TABLE.add(
        114,
        199,
        "json",
        ElementValue.Json.class,
        CharacterText.jsonDecoder("json"),
        ScalarBinary::json);
    TABLE.add(
        3802,
        3807,
        "jsonb",
        ElementValue.Json.class,
        CharacterText.jsonDecoder("jsonb"),
        ScalarBinary::jsonb);
    TABLE.add(
        4072,
        4073,
        "jsonpath",
        ElementValue.Text.class,
        CharacterText.decoder("jsonpath"),
        ScalarBinary.versioned("jsonpath"));
    TABLE.add(17, 1001, "bytea", ElementValue.Bytes.class, ByteaText::decode, ScalarBinary::bytea);
    TABLE.add(2950, 2951, "uuid", ElementValue.Uuid.class, UuidText::decode, ScalarBinary::uuid);
  }

  private static void datesAndTimes() {
    TABLE.add(
        1082,
        1182,
        "date",
        ElementValue.Date.class,
        DateTimeText::decodeDate,
        DateTimeBinary::date);
    TABLE.add(
        1083,
        1183,
        "time",
        ElementValue.Time.class,
        DateTimeText::decodeTime,
        DateTimeBinary::time);
    TABLE.add(
        1114,
        1115,
        "timestamp",
        ElementValue.LocalDateTime.class,
        DateTimeText::decodeTimestamp,
        DateTimeBinary::timestamp);
    TABLE.add(
        1184,
        1185,
        "timestamptz",
        ElementValue.ZonedDateTime.class,
        DateTimeText::decodeTimestamptz,
        DateTimeBinary::timestamptz);
    TABLE.add(
        1186,
        1187,
        "interval",
        ElementValue.Interval.class,
        IntervalText::decode,
        IntervalBinary.decoder());
    TABLE.printed(1266, 1270, "timetz", DateTimeBinary::printTimetz);
  }

  private static void networkAddresses() {
    TABLE.printed(869, 1041, "inet", NetworkBinary.inet("inet", false));
    TABLE.printed(650, 651, "cidr", NetworkBinary.inet("cidr", true));
    TABLE.printed(829, 1040, "macaddr", NetworkBinary.mac("macaddr", 6));
    TABLE.printed(774, 775, "macaddr8", NetworkBinary.mac("macaddr8", 8));
  }

  private static void geometry() {
    TABLE.printed(600, 1017, "point", GeometryBinary::point);
    TABLE.printed(601, 1018, "lseg", GeometryBinary::lseg);
    TABLE.printed(602, 1019, "path", GeometryBinary::path);
    TABLE.printed(603, 1020, "box", GeometryBinary::box);
    TABLE.printed(604, 1027, "polygon", GeometryBinary::polygon);
    TABLE.printed(628, 629, "line", GeometryBinary::line);
    TABLE.printed(718, 719, "circle", GeometryBinary::circle);
  }

  private static void rest() {
    TABLE.printed(1560, 1561, "bit", SystemBinary.bits("bit"));
    TABLE.printed(1562, 1563, "varbit", SystemBinary.bits("varbit"));
    TABLE.printed(3614, 3643, "tsvector", TextSearchBinary::vector);
    TABLE.printed(3615, 3645, "tsquery", TextSearchBinary::query);
    TABLE.printed(27, 1010, "tid", SystemBinary::tid);
    TABLE.printed(3220, 3221, "pg_lsn", SystemBinary::lsn);
    TABLE.printed(2970, 2949, "txid_snapshot", SystemBinary::snapshot);
    TABLE.printed(5038, 5039, "pg_snapshot", SystemBinary::snapshot);
  }

  /** What the server prints as names it sends as numbers in the binary format. */
  private static void namesOfObjects() {
    TABLE.textOnly(24, 1008, "regproc");
    TABLE.textOnly(2202, 2207, "regprocedure");
    TABLE.textOnly(2203, 2208, "regoper");
    TABLE.textOnly(2204, 2209, "regoperator");
    TABLE.textOnly(2205, 2210, "regclass");
    TABLE.textOnly(2206, 2211, "regtype");
    TABLE.textOnly(3734, 3735, "regconfig");
    TABLE.textOnly(3769, 3770, "regdictionary");
    TABLE.textOnly(4089, 4090, "regnamespace");
    TABLE.textOnly(4096, 4097, "regrole");
    TABLE.textOnly(4191, 4192, "regcollation");
    TABLE.textOnly(1033, 1034, "aclitem");
  }

  private static void ranges() {
    TABLE.range(3904, 3905, "int4", 23, 4451, 6150);
    TABLE.range(3926, 3927, "int8", 20, 4536, 6157);
    TABLE.range(3906, 3907, "num", 1700, 4532, 6151);
    TABLE.range(3908, 3909, "ts", 1114, 4533, 6152);
    TABLE.range(3910, 3911, "tstz", 1184, 4534, 6153);
    TABLE.range(3912, 3913, "date", 1082, 4535, 6155);
  }

  private static ElementValue bool(byte[] array, int from, int to) throws ProtocolException {
    if (to - from == 1 && array[from] == 't') {
      return ElementValue.Bool.TRUE;
    }
    if (to - from == 1 && array[from] == 'f') {
      return ElementValue.Bool.FALSE;
    }
    throw Malformed.text("bool", from, to);
  }

  /** Beyond what is a number in Java it is text. */
  private static ElementValue xid8(byte[] array, int from, int to) throws ProtocolException {
    String text = CharacterText.string("xid8", array, from, to);
    try {
      long value = Long.parseUnsignedLong(text);
      return value < 0 ? new ElementValue.Text(text) : new ElementValue.Integer(value);
    } catch (NumberFormatException e) {
      throw Malformed.text("xid8", from, to);
    }
  }
}
