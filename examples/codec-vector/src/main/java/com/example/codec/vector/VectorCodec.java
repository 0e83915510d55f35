package com.example.codec.vector;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.decoder.value.ValueCodec;
import io.drasi.postgres.decoder.value.ValueDecoder;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/**
 * The type {@code vector} of the extension pgvector: a list of floating point numbers. Stateless.
 *
 * @see <a href="https://github.com/pgvector/pgvector">pgvector</a>
 */
@Component
public final class VectorCodec implements ValueCodec {

  /** The codec. */
  public VectorCodec() {}

  /** {@code vector}, in whatever schema the extension is. */
  @Override
  public String typeName() {
    return "vector";
  }

  /** {@code [1,2.5,3]}. */
  @Override
  public ValueDecoder text() {
    return VectorCodec::decodeText;
  }

  /** How many numbers, two unused bytes, the numbers. */
  @Override
  public Optional<ValueDecoder> binary() {
    return Optional.of(VectorCodec::decodeBinary);
  }

  private static ElementValue decodeText(byte[] array, int from, int to) throws ProtocolException {
    if (to - from < 2 || array[from] != '[' || array[to - 1] != ']') {
      throw malformed(from, to);
    }
    String text = new String(array, from + 1, to - from - 2, StandardCharsets.US_ASCII);
    List<ElementValue> numbers = new ArrayList<>();
    for (String number : text.split(",", -1)) {
      try {
        numbers.add(new ElementValue.Float(Float.parseFloat(number)));
      } catch (NumberFormatException e) {
        throw malformed(from, to);
      }
    }
    return new ElementValue.List(numbers);
  }

  private static ElementValue decodeBinary(byte[] array, int from, int to)
      throws ProtocolException {
    var in = new FieldReader(array, from, to);
    int count = in.readCount("vector.count");
    in.skip(2, "vector.unused");
    List<ElementValue> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(new ElementValue.Float(Float.intBitsToFloat(in.readInt32("vector.number"))));
    }
    in.finish("vector");
    return new ElementValue.List(numbers);
  }

  /** Says the type and the length, never the value. */
  private static ProtocolException malformed(int from, int to) {
    return new ProtocolException("malformed value of type vector, %d bytes".formatted(to - from));
  }
}
