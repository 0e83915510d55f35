package io.drasi.postgres.decoder.value;

import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;

/**
 * The binary format of {@code tsvector} and {@code tsquery}, printed as the server does.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype-textsearch.html">Manual, Text
 *     Search Types</a>
 */
final class TextSearchBinary {
  private static final int POSITION_BITS = 14;
  private static final int OPERAND = 1;
  private static final int NOT = 1;
  private static final int AND = 2;
  private static final int OR = 3;
  private static final int PHRASE = 4;

  /** By operator. */
  private static final int[] PRIORITIES = {0, 4, 2, 1, 3};

  /** Printing is recursive. What is deeper has to come as text. */
  private static final int MOST_NESTED = 2_000;

  private TextSearchBinary() {}

  /** Lexemes, each with its positions, each of these with a weight. */
  static void vector(byte[] array, int from, int to, StringBuilder out) throws ProtocolException {
    var in = new FieldReader(array, from, to);
    int count = in.readInt32("tsvector.count");
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        out.append(' ');
      }
      quote(in.readString("tsvector.lexeme"), out);
      int positions = in.readInt16("tsvector.positionCount") & 0xFFFF;
      for (int p = 0; p < positions; p++) {
        int position = in.readInt16("tsvector.position") & 0xFFFF;
        out.append(p == 0 ? ':' : ',').append(position & ((1 << POSITION_BITS) - 1));
        int weight = position >> POSITION_BITS;
        if (weight > 0) {
          out.append((char) ('D' - weight));
        }
      }
    }
    in.finish("tsvector");
  }

  private static void quote(String lexeme, StringBuilder out) {
    out.append('\'');
    for (int i = 0; i < lexeme.length(); i++) {
      char c = lexeme.charAt(i);
      if (c == '\'' || c == '\\') {
        out.append(c);
      }
      out.append(c);
    }
    out.append('\'');
  }

  /** Operators before their operands, the right operand before the left one. */
  static void query(byte[] array, int from, int to, StringBuilder out) throws ProtocolException {
    var in = new FieldReader(array, from, to);
    int count = in.readInt32("tsquery.count");
    if (count > 0) {
      out.append(item(in, 0, false, 0));
    }
    in.finish("tsquery");
  }

  private static CharSequence item(
      FieldReader in, int parentPriority, boolean rightOfPhrase, int depth)
      throws ProtocolException {
    if (depth > MOST_NESTED) {
      throw new ProtocolException("tsquery is nested more than %d times".formatted(MOST_NESTED));
    }
    if (in.readByte("tsquery.type") == OPERAND) {
      return operand(in);
    }
    int operator = in.readByte("tsquery.operator");
    if (operator < NOT || operator > PHRASE) {
      throw new ProtocolException("tsquery: unknown operator %d".formatted(operator));
    }
    int priority = PRIORITIES[operator];
    int distance = operator == PHRASE ? in.readInt16("tsquery.distance") & 0xFFFF : 0;
    boolean parentheses = priority < parentPriority || (operator == PHRASE && rightOfPhrase);
    StringBuilder out = new StringBuilder(parentheses ? "( " : "");
    if (operator == NOT) {
      out.append('!').append(item(in, priority, false, depth + 1));
    } else {
      CharSequence right = item(in, priority, operator == PHRASE, depth + 1);
      out.append(item(in, priority, false, depth + 1));
      out.append(sign(operator, distance)).append(right);
    }
    return out.append(parentheses ? " )" : "");
  }

  private static String sign(int operator, int distance) {
    return switch (operator) {
      case AND -> " & ";
      case OR -> " | ";
      default -> distance == 1 ? " <-> " : " <" + distance + "> ";
    };
  }

  private static CharSequence operand(FieldReader in) throws ProtocolException {
    int weights = in.readByte("tsquery.weights");
    boolean prefix = in.readByte("tsquery.prefix") != 0;
    StringBuilder out = new StringBuilder();
    quote(in.readString("tsquery.lexeme"), out);
    if (weights != 0 || prefix) {
      out.append(prefix ? ":*" : ":");
    }
    for (int weight = 3; weight >= 0; weight--) {
      if ((weights & (1 << weight)) != 0) {
        out.append((char) ('D' - weight));
      }
    }
    return out;
  }
}
