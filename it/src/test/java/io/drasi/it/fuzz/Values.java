package io.drasi.it.fuzz;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.decoder.value.Codec;
import io.drasi.postgres.decoder.value.ValueDecoder;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.Optional;

/**
 * A value of some type: two bytes for the type, one for the format, the rest is the value. What
 * lies around it in the message must not matter.
 */
public final class Values {
  private static final int PREFIX = 3;
  private static final int FORMAT = 2;

  private Values() {}

  /** Decodes it, or refuses it. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length < PREFIX) {
      return;
    }
    int oid = ((input[0] & 0xFF) << 8) | (input[1] & 0xFF);
    boolean lenient = (input[FORMAT] & 2) != 0;
    Codec codec = Types.codec(oid, lenient);
    ValueDecoder decoder =
        (input[FORMAT] & 1) == 0 ? codec.text() : codec.binary().orElse(codec.text());
    Optional<ElementValue> atTheEnd = decode(decoder, input, PREFIX, input.length);
    byte[] within = new byte[2 * input.length];
    System.arraycopy(input, PREFIX, within, 1, input.length - PREFIX);
    Optional<ElementValue> inTheMiddle = decode(decoder, within, 1, 1 + input.length - PREFIX);
    if (!atTheEnd.equals(inTheMiddle)) {
      throw new AssertionError("%s, or %s in the middle".formatted(atTheEnd, inTheMiddle));
    }
  }

  private static Optional<ElementValue> decode(
      ValueDecoder decoder, byte[] array, int from, int to) {
    try {
      ElementValue value = decoder.decode(array, from, to);
      Checks.requireText(value);
      return Optional.of(value);
    } catch (ProtocolException e) {
      Checks.requireMessage(e);
      return Optional.empty();
    }
  }
}
