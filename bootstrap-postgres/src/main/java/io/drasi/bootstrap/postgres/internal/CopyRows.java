package io.drasi.bootstrap.postgres.internal;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import org.jspecify.annotations.Nullable;

/** Reads the rows of one COPY. Confined to one thread. */
public interface CopyRows {

  /**
   * The values of the next row in a message, which is then passed over; null where there is none,
   * which is the message's end.
   *
   * @throws ProtocolException when it is malformed; names the table, never a value
   */
  @Nullable ElementValue @Nullable [] read(FieldReader content) throws ProtocolException;

  /**
   * Ends the COPY.
   *
   * @throws ProtocolException when something is missing
   */
  void finish() throws ProtocolException;
}
