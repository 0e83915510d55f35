package io.drasi.postgres.decoder.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.decoder.Recording;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Begin;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Column;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Commit;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Delete;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Insert;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.LogicalMessage;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.OldTuple;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Origin;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Relation;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.StreamAbort;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.StreamCommit;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.StreamStart;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.StreamStop;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Truncate;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Update;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PgOutputDecoderTest {
  private static final PgOutputDecoder DECODER = new PgOutputDecoder();
  private static final int SHORT_ABORT_BYTES = 9;
  private static final Instant COMMITTED = Instant.parse("2026-10-31T01:02:03.000004Z");

  /** By the manual's layouts. */
  private static final Map<String, PgOutputMessage> STREAMED =
      Map.of(
          "53 FFFFFFFF 01",
          new StreamStart(4_294_967_295L, true),
          "53 00000005 00",
          new StreamStart(5, false),
          "45",
          new StreamStop(),
          "63 00000005 00 00000000015230F0 0000000001523120" + micros(COMMITTED),
          new StreamCommit(5, (byte) 0, Lsn.parse("0/15230F0"), Lsn.parse("0/1523120"), COMMITTED),
          "41 00000005 00000006",
          new StreamAbort(5, 6, null, null),
          "41 00000005 00000006 00000000015230F0" + micros(COMMITTED),
          new StreamAbort(5, 6, Lsn.parse("0/15230F0"), COMMITTED));

  @Test
  void theRecordingHoldsEveryMessage() throws Exception {
    Set<Class<?>> seen = new HashSet<>();
    for (byte[] message : Recording.messages()) {
      seen.add(decode(message).getClass());
    }
    STREAMED.forEach((hex, message) -> seen.add(message.getClass()));
    assertThat(seen).containsExactlyInAnyOrder(PgOutputMessage.class.getPermittedSubclasses());
  }

  @Test
  void decodesTheMessagesOfStreamedTransactions() throws Exception {
    for (Map.Entry<String, PgOutputMessage> message : STREAMED.entrySet()) {
      assertThat(decodeHex(message.getKey())).isEqualTo(message.getValue());
    }
  }

  /** All messages that belong to no block, of each message of streamed transactions one shape. */
  private static List<byte[]> messages() {
    List<byte[]> messages = new ArrayList<>(Recording.messages());
    STREAMED.keySet().forEach(hex -> messages.add(bytes(hex)));
    return messages;
  }

  @Test
  void decodesBeginWithAnUnsignedXid() throws Exception {
    assertThat(decodeHex("42 00000001 000000FF" + micros(COMMITTED) + "FFFFFFFF"))
        .isEqualTo(new Begin(Lsn.parse("1/FF"), COMMITTED, 4_294_967_295L));
  }

  @Test
  void decodesCommitWithBothLsns() throws Exception {
    assertThat(decodeHex("43 00 00000000015230F0 0000000001523120" + micros(COMMITTED)))
        .isEqualTo(new Commit((byte) 0, Lsn.parse("0/15230F0"), Lsn.parse("0/1523120"), COMMITTED));
  }

  @Test
  void decodesTimesBeforeTheEpoch() throws Exception {
    Begin begin = (Begin) decodeHex("42 0000000000000001 FFFFFFFFFFFFFFFF 00000001");
    assertThat(begin.committedAt()).isEqualTo(Instant.parse("1999-12-31T23:59:59.999999Z"));
  }

  @Test
  void decodesRelations() throws Exception {
    List<PgOutputMessage> messages = Recording.transaction("inserts");
    Relation users = only(messages, Relation.class);
    PgOutputMessage.Type mood = only(messages, PgOutputMessage.Type.class);
    assertThat(mood.schema()).isEqualTo("public");
    assertThat(mood.name()).isEqualTo("mood");
    assertThat(users)
        .isEqualTo(
            new Relation(
                users.oid(),
                "public",
                "users",
                ReplicaIdentity.DEFAULT,
                List.of(
                    new Column(true, "id", 23, -1),
                    new Column(false, "name", 25, -1),
                    new Column(false, "score", 1700, (10 << 16 | 2) + 4),
                    new Column(false, "feeling", mood.oid(), -1))));
  }

  @Test
  void putsInTheSchemaThatTheWireLeavesOut() throws Exception {
    Relation relation = (Relation) decodeHex("52 00000001 00 7400 6E 0000");
    PgOutputMessage.Type type = (PgOutputMessage.Type) decodeHex("59 00000001 00 7400");
    assertThat(relation)
        .isEqualTo(new Relation(1, "pg_catalog", "t", ReplicaIdentity.NOTHING, List.of()));
    assertThat(type).isEqualTo(new PgOutputMessage.Type(1, "pg_catalog", "t"));
  }

  @Test
  void decodesQuotedNames() throws Exception {
    Relation relation = only(Recording.transaction("quoted names"), Relation.class);
    assertThat(relation.schema()).isEqualTo("My Schema");
    assertThat(relation.table()).isEqualTo("Odd \"Name\"");
  }

  @Test
  void decodesOrigins() throws Exception {
    assertThat(only(Recording.transaction("origin"), Origin.class))
        .isEqualTo(new Origin(Lsn.parse("1/AB"), "upstream"));
  }

  @Test
  void decodesInserts() throws Exception {
    List<PgOutputMessage> messages = Recording.transaction("inserts");
    List<Insert> inserts = all(messages, Insert.class);
    assertThat(inserts.get(0).relationOid()).isEqualTo(only(messages, Relation.class).oid());
    assertThat(texts(inserts.get(0).row())).containsExactly("12345", "Zoë", "1.50", "happy");
    assertThat(texts(inserts.get(1).row())).containsExactly("2", "n", "n", "n");
  }

  @Test
  void decodesRowsWithoutColumns() throws Exception {
    assertThat(only(Recording.transaction("no columns"), Insert.class).row().size()).isZero();
  }

  @Test
  void decodesUpdatesWithoutOldTuple() throws Exception {
    Update update = only(Recording.transaction("update without old tuple"), Update.class);
    assertThat(update.old()).isNull();
    assertThat(texts(update.row())).containsExactly("12345", "Zoë", "2.00", "happy");
  }

  @Test
  void decodesUpdatesWithKeyTuple() throws Exception {
    Update update = only(Recording.transaction("key change"), Update.class);
    assertThat(old(update).kind()).isEqualTo(OldTuple.Kind.KEY);
    assertThat(texts(old(update).row())).containsExactly("12345", "n", "n", "n");
    assertThat(texts(update.row())).containsExactly("54321", "Zoë", "2.00", "happy");
  }

  @Test
  void decodesUpdatesWithFullOldTupleAndUnchangedToast() throws Exception {
    Update update = only(Recording.transaction("full: unchanged toast"), Update.class);
    assertThat(old(update).kind()).isEqualTo(OldTuple.Kind.FULL);
    assertThat(texts(old(update).row())).containsExactly("1", "a", "y".repeat(3000));
    assertThat(texts(update.row())).containsExactly("1", "b", "u");
  }

  @Test
  void aKeyTupleAlsoComesWhenAnExternallyStoredKeyDidNotChange() throws Exception {
    Update update = only(Recording.transaction("unchanged key stored out of line"), Update.class);
    assertThat(texts(old(update).row())).containsExactly("k".repeat(2100), "n");
    assertThat(texts(update.row())).containsExactly("u", "2");
  }

  @Test
  void decodesDeletes() throws Exception {
    Delete byKey = only(Recording.transaction("delete by key"), Delete.class);
    Delete full = only(Recording.transaction("full: delete"), Delete.class);
    assertThat(byKey.old().kind()).isEqualTo(OldTuple.Kind.KEY);
    assertThat(texts(byKey.old().row())).containsExactly("2", "n", "n", "n");
    assertThat(full.old().kind()).isEqualTo(OldTuple.Kind.FULL);
    assertThat(texts(full.old().row())).containsExactly("2", "b", "y".repeat(3000));
  }

  @ParameterizedTest
  @CsvSource({
    "truncate one,                      1, false, false",
    "truncate several,                  2, false, true",
    "truncate cascade,                  2, true,  false",
    "truncate cascade restart identity, 2, true,  true"
  })
  void decodesTruncates(String name, int relations, boolean cascade, boolean restartIdentity)
      throws Exception {
    Truncate truncate = only(Recording.transaction(name), Truncate.class);
    assertThat(truncate.relationOids()).hasSize(relations);
    assertThat(truncate.cascade()).isEqualTo(cascade);
    assertThat(truncate.restartIdentity()).isEqualTo(restartIdentity);
  }

  @Test
  void decodesLogicalMessagesOutsideATransaction() throws Exception {
    for (byte[] bytes : Recording.messages()) {
      if (decode(bytes) instanceof LogicalMessage message && !message.transactional()) {
        assertThat(message.prefix()).isEqualTo("outside");
        assertThat(message.lsn().isPresent()).isTrue();
        assertThat(message.content())
            .isEqualTo(ElementValue.Bytes.copyOf(new byte[] {0, (byte) 0xFF}));
        return;
      }
    }
    throw new AssertionError("not recorded");
  }

  @Test
  void decodesBinaryColumns() throws Exception {
    Insert insert = (Insert) decodeHex("49 00000001 4E 0001 62 00000004 01020304");
    assertThat(insert.row().kind(0)).isEqualTo(Tuple.BINARY);
    assertThat(insert.row().to(0) - insert.row().from(0)).isEqualTo(4);
  }

  @Test
  void readsAMessageWithinALargerArrayWithoutCopyingIt() throws Exception {
    byte[] message = HexFormat.of().parseHex("49000000014e00027400000001416e");
    byte[] array = new byte[message.length + 20];
    Arrays.fill(array, (byte) 'x');
    System.arraycopy(message, 0, array, 10, message.length);
    FieldReader in = new FieldReader(array, 10, 10 + message.length);
    assertThat(PgOutputDecoder.tag(in)).isEqualTo((byte) 'I');
    Insert insert = (Insert) DECODER.decode(in);
    assertThat(insert).isEqualTo(decode(message)).hasSameHashCodeAs(decode(message));
    assertThat(insert.row().array()).isSameAs(array);
    assertThat(insert.row()).hasToString("Tuple[tn]");
  }

  @Test
  void tuplesOfOtherColumnsDiffer() throws Exception {
    assertThat(decodeHex("49 00000001 4E 0001 6E"))
        .isNotEqualTo(decodeHex("49 00000001 4E 0001 75"));
  }

  @Test
  void refusesEveryMessageCutAtEveryByte() {
    for (byte[] message : messages()) {
      for (int length = 0; length < message.length; length++) {
        if (message[0] == 'A' && length == SHORT_ABORT_BYTES) {
          continue; // what it has behind is sent with streaming=parallel only
        }
        byte[] cut = Arrays.copyOf(message, length);
        assertThatThrownBy(() -> decode(cut))
            .as("%c cut after %d bytes", message[0], length)
            .isInstanceOf(ProtocolException.class);
      }
    }
  }

  @Test
  void refusesATrailingByte() {
    for (byte[] message : messages()) {
      if (message[0] == 'A' && message.length == SHORT_ABORT_BYTES) {
        continue;
      }
      byte[] longer = Arrays.copyOf(message, message.length + 1);
      assertThatThrownBy(() -> decode(longer))
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("1 bytes too many");
    }
  }

  @Test
  void refusesAnEmptyMessage() {
    assertThatThrownBy(() -> PgOutputDecoder.tag(new FieldReader(new byte[0])))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void refusesEveryUnknownTag() {
    for (int tag = Byte.MIN_VALUE; tag <= Byte.MAX_VALUE; tag++) {
      if ("BCORYIUDTMSEcA".indexOf(tag) >= 0) {
        continue;
      }
      byte[] message = {(byte) tag};
      assertThatThrownBy(() -> decode(message))
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("unknown message type");
    }
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void refusesMalformedMessages(String hex, String reason) {
    assertThatThrownBy(() -> decodeHex(hex))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining(reason);
  }

  static Stream<Object[]> malformed() {
    return Stream.of(
        row("43 01 0000000000000001 0000000000000002 0000000000000003", "Commit.flags"),
        row("53 00000001 02", "StreamStart.firstSegment"),
        row("63 00000001 01 0000000000000001", "StreamCommit.flags"),
        row("41 00000001 00000002 00", "StreamAbort.abortLsn"),
        row("4D 02 0000000000000001 00 00000000", "Message.flags"),
        row("4D 01 0000000000000001 00 FFFFFFFF", "Message.length"),
        row("4D 01 0000000000000001 00 00000001", "Message.length"),
        row("54 00000001 04 00000001", "Truncate.options"),
        row("54 FFFFFFFF 00 00000001", "Truncate.relationCount"),
        row("54 40000001 00 00000001", "Truncate.relationCount"),
        row("54 00000000 00 00000001", "4 bytes too many"),
        row("52 00000001 7000 7400 78 0000", "replica identity"),
        row("52 00000001 7000 7400 64 FFFF", "Relation.columnCount"),
        row("52 00000001 7000 7400 64 7FFF", "Relation.columnCount"),
        row("52 00000001 7000 7400 64 0001 02 6100 00000017 FFFFFFFF", "Column.flags"),
        row(
            "52 00000001 7000 7400 64 0002"
                + " 00 6100 00000017 FFFFFFFF 00 6100 00000017 FFFFFFFF",
            "column a twice"),
        row("52 00000001 FF00 7400 64 0000", "Relation.schema is not valid UTF-8"),
        row("49 00000001 4F 0000", "tuple of Insert"),
        row("49 00000001 4E FFFF", "Tuple.columnCount"),
        row("49 00000001 4E 7FFF 6E", "Tuple.columnCount"),
        row("49 00000001 4E 0001 78", "column of a tuple"),
        row("49 00000001 4E 0001 74 FFFFFFFF", "Tuple.length"),
        row("49 00000001 4E 0001 74 00000002 41", "Tuple.length"),
        row("55 00000001 58 0000", "old tuple of Update"),
        row("55 00000001 4B 0000 4B 0000", "new tuple of Update"),
        row("44 00000001 4E 0000", "tuple of Delete"));
  }

  private static Object[] row(String hex, String reason) {
    return new Object[] {hex, reason};
  }

  private static PgOutputMessage decode(byte[] message) throws ProtocolException {
    return DECODER.decode(new FieldReader(message));
  }

  private static PgOutputMessage decodeHex(String hex) throws ProtocolException {
    return decode(bytes(hex));
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static String micros(Instant instant) {
    long micros = (instant.getEpochSecond() - 946_684_800L) * 1_000_000 + instant.getNano() / 1_000;
    return HexFormat.of().toHexDigits(micros);
  }

  private static <T> List<T> all(List<PgOutputMessage> messages, Class<T> type) {
    return messages.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static <T> T only(List<PgOutputMessage> messages, Class<T> type) {
    List<T> found = all(messages, type);
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static OldTuple old(Update update) {
    return Objects.requireNonNull(update.old());
  }

  private static List<String> texts(Tuple tuple) {
    return Stream.iterate(0, i -> i < tuple.size(), i -> i + 1)
        .map(
            i ->
                tuple.kind(i) == Tuple.TEXT
                    ? new String(
                        tuple.array(),
                        tuple.from(i),
                        tuple.to(i) - tuple.from(i),
                        StandardCharsets.UTF_8)
                    : String.valueOf((char) tuple.kind(i)))
        .toList();
  }
}
