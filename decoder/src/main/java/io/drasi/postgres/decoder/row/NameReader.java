package io.drasi.postgres.decoder.row;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads names from an option's text: plain, or quoted as in SQL. Plain names keep their case; they
 * end at white space and at the characters that separate names. Confined to one thread.
 */
final class NameReader {
  private static final String SEPARATORS = "\".,()";

  private final String text;
  private int at;

  NameReader(String text) {
    this.text = text;
  }

  /** Whether a name can be written without quotes. */
  static boolean isPlain(String name) {
    return !name.isEmpty() && name.chars().allMatch(c -> isPlain((char) c));
  }

  /** A name in SQL quotes. */
  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static boolean isPlain(char c) {
    return SEPARATORS.indexOf(c) < 0
        && !Character.isWhitespace(c)
        && !Character.isSpaceChar(c)
        && !Character.isISOControl(c);
  }

  /** {@code table} or {@code schema.table}. */
  TableName readTableName() {
    String first = readName();
    return skip('.') ? new TableName(first, readName()) : new TableName(TableName.PUBLIC, first);
  }

  /** {@code (name, name)}. */
  List<String> readNamesInParentheses() {
    List<String> names = new ArrayList<>();
    require('(');
    do {
      names.add(readName());
    } while (skip(','));
    require(')');
    return names;
  }

  void requireEnd() {
    skipSpaces();
    if (at < text.length()) {
      throw malformed("nothing may follow");
    }
  }

  private String readName() {
    skipSpaces();
    String name = at < text.length() && text.charAt(at) == '"' ? readQuoted() : readPlain();
    if (name.isEmpty()) {
      throw malformed("a name is expected");
    }
    return name;
  }

  private String readPlain() {
    int from = at;
    while (at < text.length() && isPlain(text.charAt(at))) {
      at++;
    }
    return text.substring(from, at);
  }

  private String readQuoted() {
    StringBuilder name = new StringBuilder();
    int from = at + 1;
    while (true) {
      int quote = text.indexOf('"', from);
      if (quote < 0) {
        throw malformed("the quote is not closed");
      }
      name.append(text, from, quote);
      at = quote + 1;
      if (at == text.length() || text.charAt(at) != '"') {
        return name.toString();
      }
      name.append('"');
      from = at + 1;
    }
  }

  private void require(char expected) {
    if (!skip(expected)) {
      throw malformed("'%c' is expected".formatted(expected));
    }
  }

  private boolean skip(char expected) {
    skipSpaces();
    if (at < text.length() && text.charAt(at) == expected) {
      at++;
      return true;
    }
    return false;
  }

  private void skipSpaces() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private IllegalArgumentException malformed(String rule) {
    return new IllegalArgumentException(
        "%s at position %d of \"%s\"; names are written plain or in SQL quotes"
            .formatted(rule, at + 1, text));
  }
}
