package io.drasi.it.faults;

/**
 * The messages of {@code pgoutput}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">
 *     Manual, Logical Replication Message Formats</a>
 */
final class PgOutputTag {
  private PgOutputTag() {}

  /** The name of the message with this tag. */
  static String name(byte tag) {
    return switch (tag) {
      case 'B' -> "Begin";
      case 'C' -> "Commit";
      case 'O' -> "Origin";
      case 'R' -> "Relation";
      case 'Y' -> "Type";
      case 'I' -> "Insert";
      case 'U' -> "Update";
      case 'D' -> "Delete";
      case 'T' -> "Truncate";
      case 'M' -> "Message";
      case 'S' -> "StreamStart";
      case 'E' -> "StreamStop";
      case 'c' -> "StreamCommit";
      case 'A' -> "StreamAbort";
      case 'b' -> "BeginPrepare";
      case 'P' -> "Prepare";
      case 'K' -> "CommitPrepared";
      case 'r' -> "RollbackPrepared";
      case 'p' -> "StreamPrepare";
      default -> "" + (char) tag;
    };
  }
}
