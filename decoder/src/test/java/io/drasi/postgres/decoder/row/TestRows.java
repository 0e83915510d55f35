package io.drasi.postgres.decoder.row;

import io.drasi.api.change.SourceChange;
import io.drasi.postgres.decoder.pgoutput.PgOutputDecoder;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Column;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Relation;
import io.drasi.postgres.decoder.pgoutput.ReplicaIdentity;
import io.drasi.postgres.decoder.value.Codecs;
import io.drasi.postgres.decoder.value.TypeCodecs;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Messages that a well-configured server does not send, written by hand. */
final class TestRows {
  static final TransactionContext TRANSACTION =
      new TransactionContext("7", Lsn.parse("0/1"), Instant.EPOCH);

  private static final int OID = 16_384;
  private static final Pattern COLUMN = Pattern.compile("(\\*?)(\\w+):(\\d+)");

  private TestRows() {}

  /**
   * Maps one message.
   *
   * @param table {@code t(*id:23, n:25)}, a star before a column of the replica identity; {@code
   *     full} in front for REPLICA IDENTITY FULL
   * @param message {@code I 1 a}, {@code U N 1 a}, {@code U K 1 <null> N 2 <unchanged>}, {@code D O
   *     1 a}
   */
  static List<SourceChange> map(String table, String message) throws ProtocolException {
    List<SourceChange> changes = new ArrayList<>();
    RelationCache relations = RelationCache.empty().with(mapping(table));
    var decoded = new PgOutputDecoder().decode(new FieldReader(bytes(message)));
    new ElementMapper().map(decoded, relations, TRANSACTION, 1, changes::add);
    return changes;
  }

  static TableMapping mapping(String table) {
    boolean full = table.startsWith("full ");
    List<Column> columns = new ArrayList<>();
    Matcher matcher = COLUMN.matcher(table);
    while (matcher.find()) {
      int typeOid = Integer.parseInt(matcher.group(3));
      columns.add(new Column(!matcher.group(1).isEmpty(), matcher.group(2), typeOid, -1));
    }
    String name = table.substring(full ? 5 : 0, table.indexOf('('));
    ReplicaIdentity identity = full ? ReplicaIdentity.FULL : ReplicaIdentity.DEFAULT;
    Relation relation = new Relation(OID, "public", name, identity, columns);
    List<Integer> key = new KeyResolver(List.of()).resolve(relation, Optional.empty());
    return TableMapping.of(
        "src", ElementIdFormat.TABLE, relation, key, TypeCodecs.of(new Codecs(List.of())));
  }

  private static byte[] bytes(String message) {
    List<String> words = new ArrayList<>(List.of(message.split(" ")));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      String type = words.remove(0);
      out.writeBytes(type);
      out.writeInt(OID);
      if (type.equals("I")) {
        words.add(0, "N");
      }
      while (!words.isEmpty()) {
        out.writeBytes(words.remove(0));
        int end = words.indexOf("N") < 0 ? words.size() : words.indexOf("N");
        writeTuple(out, words.subList(0, end));
        words = new ArrayList<>(words.subList(end, words.size()));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  private static void writeTuple(DataOutputStream out, List<String> values) throws IOException {
    out.writeShort(values.size());
    for (String value : values) {
      switch (value) {
        case "<null>" -> out.writeByte('n');
        case "<unchanged>" -> out.writeByte('u');
        default -> {
          out.writeByte('t');
          byte[] text = value.getBytes(StandardCharsets.UTF_8);
          out.writeInt(text.length);
          out.write(text);
        }
      }
    }
  }
}
