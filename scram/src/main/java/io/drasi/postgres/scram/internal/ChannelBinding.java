package io.drasi.postgres.scram.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Base64;

/**
 * What the client says about the TLS channel: the GS2 header that opens its first message, and the
 * data that its last message repeats under the proof (RFC 5802 section 6).
 */
public final class ChannelBinding {
  private static final byte[] NO_DATA = {};

  private final String gs2Header;
  private final byte[] data;

  private ChannelBinding(String gs2Header, byte[] data) {
    this.gs2Header = gs2Header;
    this.data = data;
  }

  /** The client cannot bind, or does not want to. */
  public static ChannelBinding none() {
    return new ChannelBinding("n,,", NO_DATA);
  }

  /** The client could bind, but believes that the server cannot. */
  public static ChannelBinding notOffered() {
    return new ChannelBinding("y,,", NO_DATA);
  }

  /**
   * The client binds to the server's certificate.
   *
   * @param data the hash of the certificate by RFC 5929 section 4.1
   */
  public static ChannelBinding tlsServerEndPoint(byte[] data) {
    return new ChannelBinding("p=tls-server-end-point,,", data.clone());
  }

  /** How the first message begins. */
  String gs2Header() {
    return gs2Header;
  }

  /** The value of the attribute {@code c} of the last message. */
  String attributeValue() {
    byte[] header = gs2Header.getBytes(US_ASCII);
    return Base64.getEncoder().encodeToString(Bytes.concat(header, data));
  }
}
