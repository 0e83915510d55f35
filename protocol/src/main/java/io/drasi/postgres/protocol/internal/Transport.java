package io.drasi.postgres.protocol.internal;

import io.drasi.postgres.protocol.ConnectionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The bytes to and from a server, in clear or through TLS.
 *
 * <p>Thread-safe to close; reading and writing are each for one thread at a time.
 */
public sealed interface Transport extends AutoCloseable permits SocketTransport, UnixTransport {

  InputStream input() throws ConnectionException;

  OutputStream output() throws ConnectionException;

  /** What TLS has agreed on; empty in clear. */
  Optional<SSLSession> tls();

  /** Whether nobody but the two ends can listen: by TLS, or since it never leaves the kernel. */
  boolean isPrivate();

  /** The server's address; null where it has none. */
  @Nullable InetAddress remoteAddress();

  /** Whether others than this machine's users might listen. */
  boolean leavesThisMachine();

  /** The server has let the client in: until then it may have refused its certificate. */
  default void loggedIn() {}

  /** How long a read may wait for the next byte; zero is for ever. Whole milliseconds, upwards. */
  void setReadTimeout(Duration timeout) throws IOException;

  /** Closes what lies beneath TLS: whoever reads or writes gets an exception, at once. */
  @Override
  void close();
}
