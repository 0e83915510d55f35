package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code hstore}: objects of texts.
 *
 * @see <a href="https://www.postgresql.org/docs/current/hstore.html">Manual, hstore</a>
 */
final class HstoreCodec {
  private static final String TYPE = "hstore";
  private static final ValueDecoder TEXT = CharacterText.decoder(TYPE);

  private HstoreCodec() {}

  static Codec codec() {
    return new Codec(
        HstoreCodec::decodeText,
        BinaryDecoder.of(
            (array, from, to) ->
                new ElementValue.Object(ElementPropertyMap.copyOf(pairs(array, from, to))),
            HstoreCodec::print));
  }

  /** {@code "a"=>"1", "b"=>NULL}. */
  private static ElementValue decodeText(byte[] array, int from, int to) throws ProtocolException {
    Map<String, ElementValue> pairs = new LinkedHashMap<>();
    var in = new TextCursor(TYPE, array, from, to);
    while (in.isAt('"')) {
      ElementValue key = in.quoted(TEXT);
      in.require('=');
      in.require('>');
      pairs.put(CanonicalText.of(key), value(in));
      if (in.skip(',')) {
        in.require(' ');
      }
    }
    in.requireEnd();
    return new ElementValue.Object(ElementPropertyMap.copyOf(pairs));
  }

  private static ElementValue value(TextCursor in) throws ProtocolException {
    if (in.isAt('"')) {
      return in.quoted(TEXT);
    }
    for (char c : new char[] {'N', 'U', 'L', 'L'}) {
      in.require(c);
    }
    return ElementValue.Null.NULL;
  }

  /** How many pairs; keys and values, each after its length. */
  private static Map<String, ElementValue> pairs(byte[] array, int from, int to)
      throws ProtocolException {
    Map<String, ElementValue> pairs = new LinkedHashMap<>();
    var in = new FieldReader(array, from, to);
    int count = in.readInt32("hstore.count");
    for (int i = 0; i < count; i++) {
      String key = in.readText(in.readLength("hstore.keyLength"), "hstore.key");
      int length = in.readInt32("hstore.valueLength");
      pairs.put(
          key,
          length == -1
              ? ElementValue.Null.NULL
              : new ElementValue.Text(in.readText(length, "hstore.value")));
    }
    in.finish(TYPE);
    return pairs;
  }

  private static void print(byte[] array, int from, int to, StringBuilder out)
      throws ProtocolException {
    String separator = "";
    for (Map.Entry<String, ElementValue> pair : pairs(array, from, to).entrySet()) {
      quote(pair.getKey(), out.append(separator));
      out.append("=>");
      if (pair.getValue() instanceof ElementValue.Text text) {
        quote(text.value(), out);
      } else {
        out.append("NULL");
      }
      separator = ", ";
    }
  }

  private static void quote(String text, StringBuilder out) {
    int start = out.length();
    Quoting.pair(out.append(text), start);
  }
}
