package io.drasi.postgres.protocol.replication;

import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.Lsn;
import java.time.Instant;

/** What the server sends in a replication stream. Components are declared in wire order. */
public sealed interface ReplicationMessage {

  /**
   * XLogData ('w'), without what says nothing in a logical stream: the end of the log, which is the
   * start once more, and the server's clock. There is one of these for each row.
   *
   * @param walStart where the data belongs; {@link Lsn#NONE} for what has no place of its own
   * @param payload the output plugin's message, where it lies; gone at the next receive
   */
  record XLogData(Lsn walStart, FieldReader payload) implements ReplicationMessage {}

  /**
   * Primary keepalive message ('k').
   *
   * @param walEnd up to where the server has read its log; whatever committed before was sent
   * @param sentAt when it was sent
   * @param replyRequested whether the client is to report at once
   */
  record Keepalive(Lsn walEnd, Instant sentAt, boolean replyRequested)
      implements ReplicationMessage {}
}
