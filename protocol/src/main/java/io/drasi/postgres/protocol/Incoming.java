package io.drasi.postgres.protocol;

import io.drasi.postgres.protocol.internal.MessageReader;
import io.drasi.postgres.protocol.message.BackendMessage;
import io.drasi.postgres.protocol.message.BackendMessage.NoticeResponse;
import io.drasi.postgres.protocol.message.BackendMessage.ParameterStatus;
import io.drasi.postgres.protocol.message.BackendMessageDecoder;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import io.drasi.postgres.protocol.message.ServerReport;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server sends in a session: keeps what is about the session itself, hands out the rest.
 *
 * <p>Confined to the thread that reads the session.
 */
final class Incoming {
  private static final Logger log = LoggerFactory.getLogger(Incoming.class);

  /** What is reported of settings, together: a server reports some dozen of short ones. */
  private static final int MOST_SETTINGS_CHARACTERS = 256 * 1024;

  private final MessageReader reader;
  private final Map<String, String> settings;
  private Consumer<ServerReport> noticeListener = Incoming::logNotice;

  Incoming(MessageReader reader, Map<String, String> settings) {
    this.reader = reader;
    this.settings = new HashMap<>(settings);
  }

  private static void logNotice(ServerReport report) {
    log.debug("the server says: {}", report);
  }

  Optional<String> setting(String name) {
    return Optional.ofNullable(settings.get(name));
  }

  void onNotice(Consumer<ServerReport> listener) {
    noticeListener = listener;
  }

  /** Waits for the first byte of a message. */
  void awaitMessage() throws IOException {
    reader.awaitMessage();
  }

  /** Reads up to the next message that is not about the session itself; gives its type. */
  byte readType() throws IOException {
    byte type = reader.read();
    while (note(type)) {
      type = reader.read();
    }
    return type;
  }

  /** The body of the message whose type was read last. */
  FieldReader body() {
    return reader.body();
  }

  /** The next message that is not about the session itself. */
  BackendMessage receive() throws IOException {
    Optional<BackendMessage> message = receiveOne();
    while (message.isEmpty()) {
      message = receiveOne();
    }
    return message.get();
  }

  /** The next message; empty where it was about the session itself. */
  Optional<BackendMessage> receiveOne() throws IOException {
    byte type = reader.read(ResultCollector.MAX_COST);
    return note(type)
        ? Optional.empty()
        : Optional.of(BackendMessageDecoder.decode(type, reader.body()));
  }

  private boolean note(byte type) throws ProtocolException {
    if (type != 'N' && type != 'S' && type != 'A') {
      return false;
    }
    BackendMessage message = BackendMessageDecoder.decode(type, reader.body());
    if (message instanceof NoticeResponse notice) {
      noticeListener.accept(notice.report());
    } else if (message instanceof ParameterStatus status) {
      settings.put(status.name(), status.value());
      requireFew();
    }
    return true;
  }

  private void requireFew() throws ProtocolException {
    long characters =
        settings.entrySet().stream()
            .mapToLong(setting -> setting.getKey().length() + setting.getValue().length())
            .sum();
    if (characters > MOST_SETTINGS_CHARACTERS) {
      throw new ProtocolException(
          "the server reports more than %d characters of settings"
              .formatted(MOST_SETTINGS_CHARACTERS));
    }
  }
}
