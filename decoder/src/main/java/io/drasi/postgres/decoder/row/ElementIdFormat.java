package io.drasi.postgres.decoder.row;

/**
 * How element ids begin ({@code element_id_format}). A dot, colon or backslash within a name is
 * escaped by a backslash, so that ids of different tables are never the same.
 */
public enum ElementIdFormat {
  /** {@code users:12345}; {@code schema.table:12345} outside {@code public}. */
  TABLE,

  /** {@code public:users:12345}; {@code schema:table:12345} outside {@code public}. */
  QUALIFIED;

  private static final String ESCAPED = ".:\\";

  /** What stands before the key, the last colon included. */
  String prefix(TableName name) {
    String schema = TableName.escaped(name.schema(), ESCAPED);
    String table = TableName.escaped(name.table(), ESCAPED);
    if (this == QUALIFIED) {
      return schema + ':' + table + ':';
    }
    return name.schema().equals(TableName.PUBLIC) ? table + ':' : schema + '.' + table + ':';
  }
}
