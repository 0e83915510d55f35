package io.drasi.postgres.protocol.internal;

import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.auth.Password;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The form of {@code .pgpass}: lines of {@code host:port:database:user:password}, in which {@code
 * *} fits everything and a backslash makes what follows a plain character.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-pgpass.html">Manual, The Password
 *     File</a>
 */
final class Passfile {
  private static final int FIELDS = 5;
  private static final String ANY = "*";

  private Passfile() {}

  /**
   * The password of the first line that fits.
   *
   * @param text the file's text, which is wiped
   */
  static Password find(char[] text, ConnectionConfig config) {
    List<String> wanted =
        List.of(config.host(), Integer.toString(config.port()), config.database(), config.user());
    try {
      int start = 0;
      while (start < text.length) {
        int end = start;
        while (end < text.length && text[end] != '\n') {
          end++;
        }
        int last = end > start && text[end - 1] == '\r' ? end - 1 : end;
        if (text[start] != '#') {
          List<StringBuilder> fields = fields(text, start, last);
          if (fits(fields, wanted)) {
            return Password.of(fields.get(FIELDS - 1));
          }
        }
        start = end + 1;
      }
      return Password.none();
    } finally {
      Arrays.fill(text, '\0');
    }
  }

  private static List<StringBuilder> fields(char[] text, int start, int end) {
    List<StringBuilder> fields = new ArrayList<>();
    fields.add(new StringBuilder());
    for (int i = start; i < end; i++) {
      StringBuilder field = fields.get(fields.size() - 1);
      if (text[i] == '\\' && i + 1 < end) {
        field.append(text[++i]);
      } else if (text[i] == ':' && fields.size() < FIELDS) {
        fields.add(new StringBuilder());
      } else {
        field.append(text[i]);
      }
    }
    return fields;
  }

  private static boolean fits(List<StringBuilder> fields, List<String> wanted) {
    if (fields.size() < FIELDS) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!ANY.contentEquals(fields.get(i)) && !wanted.get(i).contentEquals(fields.get(i))) {
        return false;
      }
    }
    return true;
  }
}
