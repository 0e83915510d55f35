package io.drasi.it.fuzz;

import io.drasi.postgres.decoder.pgoutput.PgOutputDecoder;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;

/** One message of the plugin pgoutput. */
public final class PgOutput {
  private PgOutput() {}

  /** Decodes it, or refuses it. */
  public static void fuzzerTestOneInput(byte[] input) {
    try {
      Checks.requireText(new PgOutputDecoder().decode(new FieldReader(input)));
    } catch (ProtocolException e) {
      Checks.requireMessage(e);
    }
  }
}
