package io.drasi.it.fuzz;

import io.drasi.postgres.protocol.internal.MessageReader;
import io.drasi.postgres.protocol.message.BackendMessageDecoder;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** The stream of a server's messages: how it is cut, and each of them decoded. */
public final class Framing {
  private Framing() {}

  /** Reads to the end, or to the first thing that is refused. */
  public static void fuzzerTestOneInput(byte[] input) {
    var reader = new MessageReader(new ByteArrayInputStream(input));
    try {
      while (true) {
        byte type = reader.read();
        Checks.requireText(BackendMessageDecoder.decode(type, reader.body()));
      }
    } catch (IOException e) {
      Checks.requireMessage(e); // the end of the bytes, or a ProtocolException
    }
  }
}
