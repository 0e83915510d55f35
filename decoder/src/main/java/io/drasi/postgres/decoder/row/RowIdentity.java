package io.drasi.postgres.decoder.row;

/** How the rows of a table are told apart. */
public enum RowIdentity {
  /** By the columns of a key. */
  KEY,

  /**
   * By all their values: no key, {@code REPLICA IDENTITY FULL}. Identical rows are one element, and
   * a statement that rewrites rows without publishing it needs a new bootstrap.
   */
  WHOLE_ROW,

  /**
   * By the place in the stream that they came from: no key, and old rows are not sent in full. Such
   * rows can only be inserted; a new bootstrap gives them new names.
   */
  POSITION
}
