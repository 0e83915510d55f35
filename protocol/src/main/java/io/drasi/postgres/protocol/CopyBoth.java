package io.drasi.postgres.protocol;

import io.drasi.postgres.protocol.internal.MessageWriter;
import io.drasi.postgres.protocol.message.BackendMessage.ErrorResponse;
import io.drasi.postgres.protocol.message.BackendMessageDecoder;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.io.IOException;

/**
 * The two-way stream of CopyData messages that a replication command starts. {@link #receive} is
 * for one thread; {@link #send} and {@link #end} may be called from others, and never touch what is
 * received.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY">Manual,
 *     COPY Operations</a>
 */
public final class CopyBoth {
  private final Incoming incoming;
  private final MessageWriter writer;
  private final String command;

  CopyBoth(Incoming incoming, MessageWriter writer, String command) {
    this.incoming = incoming;
    this.writer = writer;
    this.command = command;
  }

  /**
   * Waits for the next CopyData.
   *
   * @return its content, which is gone at the next call
   * @throws ServerErrorException when the server ends the stream with an error
   * @throws ConnectionException when the server ends the stream, or the connection is gone
   */
  public FieldReader receive() throws IOException {
    byte type = incoming.readType();
    return switch (type) {
      case 'd' -> incoming.body();
      // A walsender that shuts down sends CommandComplete without CopyDone.
      case 'c', 'C' -> throw new ConnectionException("the server ended the stream", null);
      case 'E' -> throw serverError();
      default -> throw ProtocolException.unknownTag(command, type);
    };
  }

  private ServerErrorException serverError() throws ProtocolException {
    var error = (ErrorResponse) BackendMessageDecoder.decode((byte) 'E', incoming.body());
    return new ServerErrorException(command, error.report());
  }

  /** Sends one CopyData. */
  public void send(byte[] content) throws IOException {
    writer.copyData(content);
  }

  /** Tells the server that nothing more will be sent, neither here nor in the incoming. */
  public void end() throws IOException {
    writer.copyDone();
    writer.terminate();
  }
}
