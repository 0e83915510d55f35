package io.drasi.it.codec;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.decoder.value.ValueCodec;
import io.drasi.postgres.decoder.value.ValueDecoder;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decodes {@code [1,2.5]}, in both formats, of a type {@code vector} made for tests. */
public final class VectorCodec implements ValueCodec {
  /** What makes the type: its values are texts to the server. */
  public static final List<String> STATEMENTS =
      List.of(
          "CREATE TYPE vector",
          function("vector_in(cstring) RETURNS vector", "textin"),
          function("vector_out(vector) RETURNS cstring", "textout"),
          function("vector_send(vector) RETURNS bytea", "textsend"),
          "CREATE TYPE vector"
              + " (INPUT = vector_in, OUTPUT = vector_out, SEND = vector_send, LIKE = text)");

  /** For whoever finds it. */
  public VectorCodec() {}

  private static String function(String signature, String builtIn) {
    return "CREATE FUNCTION %s LANGUAGE internal IMMUTABLE STRICT AS '%s'"
        .formatted(signature, builtIn);
  }

  @Override
  public String typeName() {
    return "vector";
  }

  @Override
  public ValueDecoder text() {
    return VectorCodec::decode;
  }

  @Override
  public Optional<ValueDecoder> binary() {
    return Optional.of(VectorCodec::decode);
  }

  private static ElementValue decode(byte[] array, int from, int to) throws ProtocolException {
    String text = new String(array, from, to - from, StandardCharsets.US_ASCII);
    if (!text.startsWith("[")) {
      throw new ProtocolException("malformed value of type vector");
    }
    List<ElementValue> numbers = new ArrayList<>();
    for (String number : text.substring(1, text.length() - 1).split(",", -1)) {
      numbers.add(new ElementValue.Float(Double.parseDouble(number)));
    }
    return new ElementValue.List(numbers);
  }
}
