package io.drasi.postgres.decoder.value;

/** How the server quotes a value that it prints within another one. */
final class Quoting {
  private Quoting() {}

  /** Quotes what stands in {@code out} from {@code start} on as an element of an array. */
  static void element(StringBuilder out, int start, char delimiter) {
    boolean quoted = out.length() == start || isNull(out, start);
    for (int i = start; i < out.length() && !quoted; i++) {
      char c = out.charAt(i);
      quoted = c == '"' || c == '\\' || c == '{' || c == '}' || c == delimiter || isSpace(c);
    }
    if (quoted) {
      quote(out, start, '\\', '\\');
    }
  }

  /** Quotes what stands in {@code out} from {@code start} on as a column or a bound. */
  static void field(StringBuilder out, int start, String special) {
    boolean quoted = out.length() == start;
    for (int i = start; i < out.length() && !quoted; i++) {
      char c = out.charAt(i);
      quoted = c == '"' || c == '\\' || special.indexOf(c) >= 0 || isSpace(c);
    }
    if (quoted) {
      quote(out, start, '"', '\\');
    }
  }

  /** Quotes what stands in {@code out} from {@code start} on as a key or a value of an hstore. */
  static void pair(StringBuilder out, int start) {
    quote(out, start, '\\', '\\');
  }

  private static void quote(StringBuilder out, int start, char beforeQuote, char beforeBackslash) {
    String plain = out.substring(start);
    out.setLength(start);
    out.append('"');
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      if (c == '"') {
        out.append(beforeQuote);
      } else if (c == '\\') {
        out.append(beforeBackslash);
      }
      out.append(c);
    }
    out.append('"');
  }

  private static boolean isNull(StringBuilder out, int start) {
    return out.length() - start == 4
        && (out.charAt(start) | 0x20) == 'n'
        && (out.charAt(start + 1) | 0x20) == 'u'
        && (out.charAt(start + 2) | 0x20) == 'l'
        && (out.charAt(start + 3) | 0x20) == 'l';
  }

  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }
}
