package io.drasi.source.postgres.internal.session;

import io.drasi.postgres.decoder.value.Codecs;
import io.drasi.source.postgres.Streaming;

/**
 * How a session may ask the server to send changes.
 *
 * @param codecs what decodes values
 * @param binaryAllowed whether these may come in the binary format; if not, they come as text
 * @param streaming whether transactions may come before they commit
 */
public record StreamFormat(Codecs codecs, boolean binaryAllowed, Streaming streaming) {

  /** The same with values as text. */
  public StreamFormat asText() {
    return new StreamFormat(codecs, false, streaming);
  }

  /** The same with transactions that come when they have committed. */
  public StreamFormat withoutStreaming() {
    return new StreamFormat(codecs, binaryAllowed, Streaming.OFF);
  }
}
