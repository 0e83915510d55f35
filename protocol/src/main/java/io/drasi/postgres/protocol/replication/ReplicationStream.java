package io.drasi.postgres.protocol.replication;

import io.drasi.postgres.protocol.CopyBoth;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.message.ProtocolException;
import io.drasi.postgres.protocol.replication.ReplicationMessage.Keepalive;
import io.drasi.postgres.protocol.replication.ReplicationMessage.XLogData;
import java.io.IOException;

/**
 * A replication stream. {@link #receive} is for one thread, {@link #report} for another: neither
 * waits for the other.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-replication.html">Manual,
 *     Streaming Replication Protocol</a>
 */
public final class ReplicationStream {
  private static final int WAL_END_AND_CLOCK_BYTES = 2 * Long.BYTES;

  private final CopyBoth copy;

  ReplicationStream(CopyBoth copy) {
    this.copy = copy;
  }

  /**
   * Waits for the next message.
   *
   * @throws io.drasi.postgres.protocol.ServerErrorException when the server ends the stream with an
   *     error
   * @throws io.drasi.postgres.protocol.ConnectionException when the server ends the stream, or the
   *     connection is gone or silent beyond the read timeout
   */
  public ReplicationMessage receive() throws IOException {
    FieldReader in = copy.receive();
    byte type = in.readByte("CopyData.type");
    return switch (type) {
      case 'w' -> decodeXLogData(in);
      case 'k' -> decodeKeepalive(in);
      default -> throw ProtocolException.unknownTag("replication stream", type);
    };
  }

  private static XLogData decodeXLogData(FieldReader in) throws ProtocolException {
    Lsn walStart = in.readLsn("XLogData.walStart");
    in.skip(WAL_END_AND_CLOCK_BYTES, "XLogData.walEnd and XLogData.sentAt");
    return new XLogData(walStart, in);
  }

  private static Keepalive decodeKeepalive(FieldReader in) throws ProtocolException {
    var keepalive =
        new Keepalive(
            in.readLsn("Keepalive.walEnd"),
            in.readTimestamp("Keepalive.sentAt"),
            in.readByte("Keepalive.replyRequested") != 0);
    in.finish("Keepalive");
    return keepalive;
  }

  /** Reports progress to the server. */
  public void report(StandbyStatus status) throws IOException {
    copy.send(status.encode());
  }

  /** Tells the server that the client goes. */
  public void end() throws IOException {
    copy.end();
  }
}
