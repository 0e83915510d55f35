package io.drasi.postgres.protocol;

import io.drasi.postgres.protocol.message.FieldReader;
import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/** Takes the content of CopyData messages. */
@ConsumerType
@FunctionalInterface
public interface CopyDataConsumer {

  /**
   * Takes the content of one message.
   *
   * @param content where it lies; gone after the call
   * @throws IOException ends the copy, and the session with it
   */
  void accept(FieldReader content) throws IOException;
}
