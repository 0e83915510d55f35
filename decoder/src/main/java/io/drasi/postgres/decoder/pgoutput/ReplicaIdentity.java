package io.drasi.postgres.decoder.pgoutput;

import io.drasi.postgres.protocol.message.ProtocolException;

/**
 * What of the old row the server writes when a row is updated or deleted ({@code
 * pg_class.relreplident}).
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-REPLICA-IDENTITY">Manual,
 *     REPLICA IDENTITY</a>
 */
public enum ReplicaIdentity {
  /** The columns of the primary key. */
  DEFAULT('d'),

  /** Nothing. */
  NOTHING('n'),

  /** All columns. */
  FULL('f'),

  /** The columns of an index that was chosen for it. */
  INDEX('i');

  private final char code;

  ReplicaIdentity(char code) {
    this.code = code;
  }

  /** The letter in the catalog and on the wire. */
  public char code() {
    return code;
  }

  /**
   * The identity a letter stands for.
   *
   * @throws ProtocolException when it stands for none
   */
  public static ReplicaIdentity of(byte code) throws ProtocolException {
    return switch (code) {
      case 'd' -> DEFAULT;
      case 'n' -> NOTHING;
      case 'f' -> FULL;
      case 'i' -> INDEX;
      default ->
          throw new ProtocolException(
              "replica identity must be one of d, n, f, i, was "
                  + ProtocolException.printable(code));
    };
  }
}
