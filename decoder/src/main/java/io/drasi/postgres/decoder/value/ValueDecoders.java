package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The decoders of the types that are built into PostgreSQL, by the type's OID. Meant to be asked
 * once per column of a relation, not per value.
 *
 * <p>The text format is expected as the server prints it with {@code DateStyle = ISO}, {@code
 * client_encoding = UTF8}, {@code bytea_output = hex} and {@code extra_float_digits} of at least 1.
 * A value that no {@link ElementValue} stands for (an infinite date, a numeric NaN, the time {@code
 * 24:00:00}) is {@link ElementValue.Text} as the server prints it.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype.html">Manual, Data Types</a>
 */
public final class ValueDecoders {
  private static final Codec UNKNOWN = new Codec(CharacterText.decoder("text"), null);

  /** The OIDs are fixed: {@code src/include/catalog/pg_type.dat}. */
  private static final Map<Integer, Codec> BY_OID =
      Map.ofEntries(
          entry(16, ValueDecoders::decodeBool),
          entry(17, ByteaText::decode),
          entry(20, IntegerText.decoder("int8", Long.MIN_VALUE, Long.MAX_VALUE)),
          entry(21, IntegerText.decoder("int2", Short.MIN_VALUE, Short.MAX_VALUE)),
          entry(23, IntegerText.decoder("int4", Integer.MIN_VALUE, Integer.MAX_VALUE)),
          entry(25, CharacterText.decoder("text")),
          entry(114, CharacterText.jsonDecoder("json")),
          entry(700, FloatText::decodeFloat4),
          entry(701, FloatText::decodeFloat8),
          entry(1042, CharacterText.decoder("bpchar")),
          entry(1043, CharacterText.decoder("varchar")),
          entry(1082, DateTimeText::decodeDate),
          entry(1083, DateTimeText::decodeTime),
          entry(1114, DateTimeText::decodeTimestamp),
          entry(1184, DateTimeText::decodeTimestamptz),
          entry(1700, NumericText::decode),
          entry(2950, UuidText::decode),
          entry(3802, CharacterText.jsonDecoder("jsonb")));

  private ValueDecoders() {}

  /** The decoder of a type's text format. A type that is not known here is decoded to its text. */
  public static ValueDecoder text(int typeOid) {
    return BY_OID.getOrDefault(typeOid, UNKNOWN).text();
  }

  /** The decoder of a type's binary format, where there is one. */
  public static Optional<ValueDecoder> binary(int typeOid) {
    return Optional.ofNullable(BY_OID.getOrDefault(typeOid, UNKNOWN).binary());
  }

  private static Map.Entry<Integer, Codec> entry(int oid, ValueDecoder text) {
    return Map.entry(oid, new Codec(text, null));
  }

  private static ElementValue decodeBool(byte[] array, int from, int to) throws ProtocolException {
    if (to - from == 1 && array[from] == 't') {
      return ElementValue.Bool.TRUE;
    }
    if (to - from == 1 && array[from] == 'f') {
      return ElementValue.Bool.FALSE;
    }
    throw malformed("bool", from, to);
  }

  /** What a decoder throws: the type and the length, never the value. */
  static ProtocolException malformed(String type, int from, int to) {
    return new ProtocolException(
        "malformed value of type %s, text format, %d bytes".formatted(type, to - from));
  }

  private record Codec(ValueDecoder text, @Nullable ValueDecoder binary) {}
}
