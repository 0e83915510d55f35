package io.drasi.bootstrap.postgres.internal;

import io.drasi.postgres.decoder.row.TableMapping;
import io.drasi.postgres.protocol.ServerVersion;

/** How the server writes rows. */
public enum CopyFormat {
  /** As text, which every type has. */
  TEXT,

  /** As bytes, where each column's type has such a form that is understood. */
  BINARY;

  /** Before, the stream knows only text, and what text floats print as depends on the version. */
  private static final int BINARY_SINCE = 14;

  /** The one for a table. */
  static CopyFormat of(TableMapping table, ServerVersion version) {
    boolean binary =
        version.isAtLeast(BINARY_SINCE) && table.understandsBinary() && table.names().size() > 0;
    return binary ? BINARY : TEXT;
  }

  /** What has to be added to the statement. */
  String option() {
    return this == BINARY ? " (FORMAT binary)" : "";
  }

  /** What reads the rows of one COPY. */
  public CopyRows rowsOf(TableMapping table) {
    return this == BINARY ? new CopyBinaryRows(table) : new CopyTextRow(table);
  }
}
