package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
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
  static final Codec TEXT = characters("text");

  private static final Map<Integer, Codec> BY_OID = new HashMap<>();

  /** The value that a type's values are, but for those it has no form for; by the type's name. */
  private static final Map<String, Class<? extends ElementValue>> FORMS = new HashMap<>();

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
    return BY_OID.get(oid);
  }

  /** What the types' values are, by name; immutable. */
  static Map<String, Class<? extends ElementValue>> forms() {
    return Map.copyOf(FORMS);
  }

  private static void numbers() {
    add(16, 1000, "bool", ElementValue.Bool.class, BuiltInTypes::bool, ScalarBinary.bool());
    integer(20, 1016, "int8", Long.MIN_VALUE, Long.MAX_VALUE, ScalarBinary::int8);
    integer(21, 1005, "int2", Short.MIN_VALUE, Short.MAX_VALUE, ScalarBinary::int2);
    integer(23, 1007, "int4", Integer.MIN_VALUE, Integer.MAX_VALUE, ScalarBinary::int4);
    integer(26, 1028, "oid", 0, MOST_UNSIGNED, ScalarBinary.unsigned("oid"));
    integer(28, 1011, "xid", 0, MOST_UNSIGNED, ScalarBinary.unsigned("xid"));
    integer(29, 1012, "cid", 0, MOST_UNSIGNED, ScalarBinary.unsigned("cid"));
    add(5069, 271, "xid8", ElementValue.Integer.class, BuiltInTypes::xid8, ScalarBinary::xid8);
    vector(22, 1006, "int2vector", 21);
    vector(30, 1013, "oidvector", 26);
    add(
        700,
        1021,
        "float4",
        ElementValue.Float.class,
        FloatText::decodeFloat4,
        ScalarBinary.float4());
    add(
        701,
        1022,
        "float8",
        ElementValue.Float.class,
        FloatText::decodeFloat8,
        ScalarBinary::float8);
    add(
        1700,
        1231,
        "numeric",
        ElementValue.Decimal.class,
        NumericText::decode,
        NumericBinary::decode);
    textOnly(790, 791, "money"); // what its number means depends on the server's locale
  }

  private static void characters() {
    add(
        18,
        1002,
        "char",
        ElementValue.Text.class,
        ScalarBinary::characterText,
        ScalarBinary::character);
    text(19, 1003, "name");
    text(25, 1009, "text");
    text(1042, 1014, "bpchar");
    text(1043, 1015, "varchar");
    text(142, 143, "xml");
    text(1790, 2201, "refcursor");
    add(
        114,
        199,
        "json",
        ElementValue.Json.class,
        CharacterText.jsonDecoder("json"),
        ScalarBinary::json);
    add(
        3802,
        3807,
        "jsonb",
        ElementValue.Json.class,
        CharacterText.jsonDecoder("jsonb"),
        ScalarBinary::jsonb);
    add(
        4072,
        4073,
        "jsonpath",
        ElementValue.Text.class,
        CharacterText.decoder("jsonpath"),
        ScalarBinary.versioned("jsonpath"));
    add(17, 1001, "bytea", ElementValue.Bytes.class, ByteaText::decode, ScalarBinary::bytea);
    add(2950, 2951, "uuid", ElementValue.Uuid.class, UuidText::decode, ScalarBinary::uuid);
  }

  private static void datesAndTimes() {
    add(
        1082,
        1182,
        "date",
        ElementValue.Date.class,
        DateTimeText::decodeDate,
        DateTimeBinary::date);
    add(
        1083,
        1183,
        "time",
        ElementValue.Time.class,
        DateTimeText::decodeTime,
        DateTimeBinary::time);
    add(
        1114,
        1115,
        "timestamp",
        ElementValue.LocalDateTime.class,
        DateTimeText::decodeTimestamp,
        DateTimeBinary::timestamp);
    add(
        1184,
        1185,
        "timestamptz",
        ElementValue.ZonedDateTime.class,
        DateTimeText::decodeTimestamptz,
        DateTimeBinary::timestamptz);
    add(
        1186,
        1187,
        "interval",
        ElementValue.Interval.class,
        IntervalText::decode,
        IntervalBinary.decoder());
    printed(1266, 1270, "timetz", DateTimeBinary::printTimetz);
  }

  private static void networkAddresses() {
    printed(869, 1041, "inet", NetworkBinary.inet("inet", false));
    printed(650, 651, "cidr", NetworkBinary.inet("cidr", true));
    printed(829, 1040, "macaddr", NetworkBinary.mac("macaddr", 6));
    printed(774, 775, "macaddr8", NetworkBinary.mac("macaddr8", 8));
  }

  private static void geometry() {
    printed(600, 1017, "point", GeometryBinary::point);
    printed(601, 1018, "lseg", GeometryBinary::lseg);
    printed(602, 1019, "path", GeometryBinary::path);
    printed(603, 1020, "box", GeometryBinary::box);
    printed(604, 1027, "polygon", GeometryBinary::polygon);
    printed(628, 629, "line", GeometryBinary::line);
    printed(718, 719, "circle", GeometryBinary::circle);
  }

  private static void rest() {
    printed(1560, 1561, "bit", SystemBinary.bits("bit"));
    printed(1562, 1563, "varbit", SystemBinary.bits("varbit"));
    printed(3614, 3643, "tsvector", TextSearchBinary::vector);
    printed(3615, 3645, "tsquery", TextSearchBinary::query);
    printed(27, 1010, "tid", SystemBinary::tid);
    printed(3220, 3221, "pg_lsn", SystemBinary::lsn);
    printed(2970, 2949, "txid_snapshot", SystemBinary::snapshot);
    printed(5038, 5039, "pg_snapshot", SystemBinary::snapshot);
  }

  /** What the server prints as names it sends as numbers in the binary format. */
  private static void namesOfObjects() {
    textOnly(24, 1008, "regproc");
    textOnly(2202, 2207, "regprocedure");
    textOnly(2203, 2208, "regoper");
    textOnly(2204, 2209, "regoperator");
    textOnly(2205, 2210, "regclass");
    textOnly(2206, 2211, "regtype");
    textOnly(3734, 3735, "regconfig");
    textOnly(3769, 3770, "regdictionary");
    textOnly(4089, 4090, "regnamespace");
    textOnly(4096, 4097, "regrole");
    textOnly(4191, 4192, "regcollation");
    textOnly(1033, 1034, "aclitem");
  }

  private static void ranges() {
    range(3904, 3905, "int4", 23, 4451, 6150);
    range(3926, 3927, "int8", 20, 4536, 6157);
    range(3906, 3907, "num", 1700, 4532, 6151);
    range(3908, 3909, "ts", 1114, 4533, 6152);
    range(3910, 3911, "tstz", 1184, 4534, 6153);
    range(3912, 3913, "date", 1082, 4535, 6155);
  }

  private static void integer(
      int oid, int arrayOid, String type, long least, long most, BinaryDecoder binary) {
    ValueDecoder text = IntegerText.decoder(type, least, most);
    add(oid, arrayOid, type, ElementValue.Integer.class, text, binary);
  }

  private static void vector(int oid, int arrayOid, String type, int elementOid) {
    Codec element = known(elementOid);
    BinaryDecoder binary = Objects.requireNonNull(element.printable(), "added before");
    Codec codec = VectorCodec.of(type, element.text(), binary);
    add(oid, arrayOid, type, ElementValue.List.class, codec, ',');
  }

  private static void text(int oid, int arrayOid, String type) {
    add(oid, arrayOid, type, ElementValue.Text.class, characters(type), ',');
  }

  private static Codec characters(String type) {
    return new Codec(CharacterText.decoder(type), ScalarBinary.characters(type));
  }

  private static void textOnly(int oid, int arrayOid, String type) {
    Codec codec = new Codec(CharacterText.decoder(type), null);
    add(oid, arrayOid, type, ElementValue.Text.class, codec, ',');
  }

  private static void printed(int oid, int arrayOid, String type, BinaryDecoder.Printer printer) {
    var codec = new Codec(CharacterText.decoder(type), BinaryDecoder.ofText(printer));
    char delimiter = type.equals("box") ? ';' : ',';
    add(oid, arrayOid, type, ElementValue.Text.class, codec, delimiter);
  }

  private static void range(
      int oid, int arrayOid, String prefix, int boundOid, int multirangeOid, int multiArrayOid) {
    Codec range = RangeBinary.range(prefix + "range", known(boundOid));
    add(oid, arrayOid, prefix + "range", ElementValue.Text.class, range, ',');
    Codec multirange = RangeBinary.multirange(prefix + "multirange", range);
    add(
        multirangeOid,
        multiArrayOid,
        prefix + "multirange",
        ElementValue.Text.class,
        multirange,
        ',');
  }

  private static void add(
      int oid,
      int arrayOid,
      String type,
      Class<? extends ElementValue> form,
      ValueDecoder text,
      BinaryDecoder binary) {
    add(oid, arrayOid, type, form, new Codec(text, binary), ',');
  }

  private static void add(
      int oid,
      int arrayOid,
      String type,
      Class<? extends ElementValue> form,
      Codec codec,
      char delimiter) {
    BY_OID.put(oid, codec);
    BY_OID.put(arrayOid, ArrayCodec.of(type + "[]", codec, delimiter));
    FORMS.put(type, form);
  }

  private static Codec known(int oid) {
    return Objects.requireNonNull(BY_OID.get(oid), "added before");
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
