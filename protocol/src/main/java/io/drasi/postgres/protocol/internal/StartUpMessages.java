package io.drasi.postgres.protocol.internal;

import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.ServerErrorException;
import io.drasi.postgres.protocol.message.BackendMessage;
import io.drasi.postgres.protocol.message.BackendMessage.ErrorResponse;
import io.drasi.postgres.protocol.message.BackendMessage.NegotiateProtocolVersion;
import io.drasi.postgres.protocol.message.BackendMessage.NoticeResponse;
import io.drasi.postgres.protocol.message.BackendMessageDecoder;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server says until the session is ready. Bounded: nobody knows yet who it is that talks.
 *
 * <p>Confined to the thread that connects.
 */
final class StartUpMessages {
  private static final Logger log = LoggerFactory.getLogger(StartUpMessages.class);

  /** All of it; a server sends some two dozen short messages. */
  private static final int MAX_BYTES = 256 * 1024;

  private final ConnectionConfig config;
  private final MessageReader reader;
  private int bytesLeft = MAX_BYTES;

  StartUpMessages(ConnectionConfig config, MessageReader reader) {
    this.config = config;
    this.reader = reader;
  }

  /**
   * Waits for the next message that is neither a notice nor about the protocol's minor version: the
   * client asks for the oldest there is.
   *
   * @throws ServerErrorException when it is an ErrorResponse
   * @throws ProtocolException when it is malformed, or the server does not come to an end
   */
  BackendMessage next() throws IOException {
    BackendMessage message = decodeNext();
    while (message instanceof NoticeResponse || message instanceof NegotiateProtocolVersion) {
      log.debug("{} says before the session is ready: {}", config.address(), message);
      message = decodeNext();
    }
    if (message instanceof ErrorResponse error) {
      throw ServerErrorException.atLogIn(config.address(), error.report());
    }
    return message;
  }

  private BackendMessage decodeNext() throws IOException {
    byte type = reader.read(MAX_BYTES);
    bytesLeft -= MessageReader.HEADER_BYTES + reader.body().remaining();
    if (bytesLeft < 0) {
      throw new ProtocolException(
          "start-up: more than %d bytes, and the session is not ready".formatted(MAX_BYTES));
    }
    return BackendMessageDecoder.decode(type, reader.body());
  }
}
