package io.drasi.postgres.protocol.internal;

import io.drasi.postgres.protocol.SessionSecurity;
import io.drasi.postgres.protocol.message.BackendMessage.BackendKeyData;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection that has been started up.
 *
 * @param transport its bytes
 * @param reader the server's messages
 * @param writer the client's messages
 * @param settings what the server reported of itself
 * @param authentication how the client has proved who it is
 * @param key what a CancelRequest needs, or null where the server gave none
 */
public record Wire(
    Transport transport,
    MessageReader reader,
    MessageWriter writer,
    Map<String, String> settings,
    String authentication,
    @Nullable BackendKeyData key) {

  /** How the connection is protected. */
  public SessionSecurity security() {
    return new SessionSecurity(
        transport.tls().map(tls -> tls.getProtocol() + ", " + tls.getCipherSuite()),
        authentication,
        transport.leavesThisMachine());
  }

  /** How long a read may wait for the next byte; zero is for ever. */
  public void setReadTimeout(Duration timeout) throws IOException {
    transport.setReadTimeout(timeout);
    reader.setReadTimeout(timeout);
  }
}
