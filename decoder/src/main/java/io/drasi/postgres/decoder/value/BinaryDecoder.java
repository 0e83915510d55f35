package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.ProtocolException;

/**
 * Decodes the values of one type from the binary format, and prints them as the server does: a
 * range, and an array with bounds of its own, are text, whichever format they came in.
 */
@FunctionalInterface
interface BinaryDecoder extends ValueDecoder {

  /** Adds to {@code out} what the server prints for a value. */
  default void print(byte[] array, int from, int to, StringBuilder out) throws ProtocolException {
    out.append(CanonicalText.of(decode(array, from, to)));
  }

  /** Prints a value. */
  @FunctionalInterface
  interface Printer {
    void print(byte[] array, int from, int to, StringBuilder out) throws ProtocolException;
  }

  /** Of a type whose values are what the server prints. */
  static BinaryDecoder ofText(Printer printer) {
    return of(
        (array, from, to) -> {
          StringBuilder out = new StringBuilder();
          printer.print(array, from, to, out);
          return new ElementValue.Text(out.toString());
        },
        printer);
  }

  /** Of a type whose values do not print as in element ids. */
  static BinaryDecoder of(ValueDecoder decoder, Printer printer) {
    return new BinaryDecoder() {
      @Override
      public ElementValue decode(byte[] array, int from, int to) throws ProtocolException {
        return decoder.decode(array, from, to);
      }

      @Override
      public void print(byte[] array, int from, int to, StringBuilder out)
          throws ProtocolException {
        printer.print(array, from, to, out);
      }
    };
  }
}
