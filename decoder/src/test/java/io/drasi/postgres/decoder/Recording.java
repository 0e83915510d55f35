package io.drasi.postgres.decoder;

import io.drasi.postgres.decoder.pgoutput.PgOutputDecoder;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage;
import io.drasi.postgres.protocol.message.FieldReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** What a real server sent; see {@code recorded-v1.sql}. */
public final class Recording {
  private Recording() {}

  /** The bytes of every recorded message, in order. */
  public static List<byte[]> messages() {
    return lines("recorded-v1.txt").stream()
        .map(line -> HexFormat.of().parseHex(line, line.indexOf(' ') + 1, line.length()))
        .toList();
  }

  /** The messages of the transaction that a logical message 'case' names, that message left out. */
  public static List<PgOutputMessage> transaction(String name) throws IOException {
    List<PgOutputMessage> transaction = new ArrayList<>();
    boolean wanted = false;
    for (byte[] bytes : messages()) {
      PgOutputMessage message = new PgOutputDecoder().decode(new FieldReader(bytes));
      if (message instanceof PgOutputMessage.Begin) {
        transaction.clear();
      }
      Optional<String> caseName = caseName(message);
      if (caseName.isEmpty()) {
        transaction.add(message);
      }
      wanted |= caseName.filter(name::equals).isPresent();
      if (wanted && message instanceof PgOutputMessage.Commit) {
        return transaction;
      }
    }
    throw new IllegalArgumentException("not recorded: " + name);
  }

  /** The case that a message names, if it does. */
  public static Optional<String> caseName(PgOutputMessage message) {
    return message instanceof PgOutputMessage.LogicalMessage marker
            && marker.prefix().equals("case")
        ? Optional.of(new String(marker.content().toArray(), StandardCharsets.UTF_8))
        : Optional.empty();
  }

  /** The lines of a resource beside this class. */
  public static List<String> lines(String resource) {
    try (InputStream in = Recording.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
