package io.drasi.postgres.protocol;

/**
 * Which server is wanted where several may answer.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-TARGET-SESSION-ATTRS">
 *     Manual, target_session_attrs</a>
 */
public enum TargetSession {
  /** The first that answers. */
  ANY,
  /** One whose sessions may write. */
  READ_WRITE,
  /** One whose sessions may not write. */
  READ_ONLY,
  /** One that is no standby. */
  PRIMARY,
  /** One that is a standby. */
  STANDBY,
  /** A standby, and if there is none, the first that answers. */
  PREFER_STANDBY
}
