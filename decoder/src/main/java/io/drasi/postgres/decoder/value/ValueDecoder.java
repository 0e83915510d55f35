package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.ProtocolException;

/**
 * Decodes the values of one type from one format. Stateless and pure; SQL NULL has no bytes and
 * never comes here.
 */
@FunctionalInterface
public interface ValueDecoder {

  /**
   * Decodes one value. The array is neither changed nor kept.
   *
   * @param array holds the value's bytes
   * @param from where they start
   * @param to where they end, exclusive
   * @throws ProtocolException when they are no value of the type; names the type, never the value
   */
  ElementValue decode(byte[] array, int from, int to) throws ProtocolException;
}
