package io.drasi.source.postgres.internal.delivery;

import java.io.IOException;
import java.time.Duration;

/** Looks after a session whose thread cannot read, since a subscriber holds the stream back. */
@FunctionalInterface
public interface HoldWatch {

  /**
   * The stream is still held back. Called now and then on the session's thread.
   *
   * @param subscriber who holds it back, in words
   * @param since for how long
   * @throws IOException when the session has to end, held back or not
   */
  void stillHeld(String subscriber, Duration since) throws IOException;
}
