package io.drasi.postgres.decoder.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.change.Element;
import io.drasi.api.change.ElementReference;
import io.drasi.api.change.ElementValue;
import io.drasi.api.change.SourceChange;
import io.drasi.api.config.ConfigurationException;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a real server's messages mean; the statements behind them are in recorded-v1.sql. */
class ElementMapperTest {
  private static final ElementValue NULL = ElementValue.Null.NULL;

  @Test
  void anInsertHasIdLabelTimeAndValues() throws Exception {
    Replay replay = new Replay().run();
    List<SourceChange> changes = replay.changes("inserts");
    Element zoe = insert(changes.get(0)).element();
    assertThat(zoe.metadata().reference()).isEqualTo(new ElementReference("src", "users:12345"));
    assertThat(zoe.metadata().labels()).containsExactly("users");
    assertThat(zoe.metadata().effectiveFrom()).isEqualTo(replay.committedAt("inserts"));
    assertThat(zoe.properties().toString())
        .isEqualTo(
            "{id=Integer[value=12345], name=Text[value=Zoë], score=Decimal[value=1.50],"
                + " feeling=Text[value=happy]}");
    assertThat(insert(changes.get(0)).movedFrom()).isNull();
    assertThat(insert(changes.get(1)).element().properties())
        .isEqualTo(
            Map.of(
                "id", new ElementValue.Integer(2), "name", NULL, "score", NULL, "feeling", NULL));
    assertThat(changes).hasSize(2);
  }

  @Test
  void elementsOfATableShareTheirPropertyNames() throws Exception {
    Replay replay = new Replay().run();
    List<SourceChange> changes = replay.changes("inserts");
    assertThat(insert(changes.get(0)).element().properties().entrySet().iterator().next().getKey())
        .isSameAs(
            insert(changes.get(1)).element().properties().entrySet().iterator().next().getKey());
  }

  @Test
  void anUpdateWithoutOldTupleHasNoBefore() throws Exception {
    SourceChange.Update update = (SourceChange.Update) only("update without old tuple");
    assertThat(id(update.element())).isEqualTo("users:12345");
    assertThat(update.before()).isNull();
  }

  @Test
  void aKeyChangeIsADeleteOfTheOldAndAnInsertOfTheNewId() throws Exception {
    List<SourceChange> changes = changes("key change");
    SourceChange.Delete delete = (SourceChange.Delete) changes.get(0);
    SourceChange.Insert insert = insert(changes.get(1));
    assertThat(delete.metadata().reference().elementId()).isEqualTo("users:12345");
    assertThat(delete.before()).isNull();
    assertThat(id(insert.element())).isEqualTo("users:54321");
    assertThat(insert.movedFrom()).isEqualTo(delete.metadata().reference());
    assertThat(insert.element().properties()).containsEntry("name", text("Zoë")).hasSize(4);
    assertThat(changes).hasSize(2);
  }

  @Test
  void aDeleteByKeyCarriesTheOldIdAndNoBefore() throws Exception {
    SourceChange.Delete delete = (SourceChange.Delete) only("delete by key");
    assertThat(delete.metadata().reference().elementId()).isEqualTo("users:2");
    assertThat(delete.metadata().labels()).containsExactly("users");
    assertThat(delete.before()).isNull();
  }

  @Test
  void anUnchangedToastValueIsAbsentWhereNobodySentIt() throws Exception {
    SourceChange.Update update = (SourceChange.Update) changes("unchanged toast").get(1);
    assertThat(update.element().properties())
        .isEqualTo(Map.of("id", new ElementValue.Integer(1), "title", text("b")));
    SourceChange.Insert moved = insert(changes("unchanged toast and key change").get(1));
    assertThat(moved.element().properties())
        .isEqualTo(Map.of("id", new ElementValue.Integer(2), "title", text("b")));
  }

  @Test
  void anUnchangedToastValueIsFilledFromTheFullOldTuple() throws Exception {
    ElementValue body = text("y".repeat(3000));
    SourceChange.Update update = (SourceChange.Update) changes("full: unchanged toast").get(1);
    assertThat(update.element().properties())
        .containsEntry("title", text("b"))
        .containsEntry("body", body);
    Element before = Objects.requireNonNull(update.before());
    assertThat(before.metadata()).isEqualTo(update.element().metadata());
    assertThat(before.properties()).containsEntry("title", text("a")).containsEntry("body", body);
  }

  @Test
  void aKeyChangeUnderFullIdentityKnowsEverything() throws Exception {
    List<SourceChange> changes = changes("full: unchanged toast and key change");
    SourceChange.Delete delete = (SourceChange.Delete) changes.get(0);
    SourceChange.Insert insert = insert(changes.get(1));
    assertThat(delete.metadata().reference().elementId()).isEqualTo("full_docs:1");
    Element before = Objects.requireNonNull(delete.before());
    assertThat(before.metadata()).isEqualTo(delete.metadata());
    assertThat(before.properties()).hasSize(3);
    assertThat(id(insert.element())).isEqualTo("full_docs:2");
    assertThat(insert.element().properties()).containsEntry("body", text("y".repeat(3000)));
  }

  @Test
  void aDeleteUnderFullIdentityHasABefore() throws Exception {
    SourceChange.Delete delete = (SourceChange.Delete) only("full: delete");
    assertThat(delete.metadata().reference().elementId()).isEqualTo("full_docs:2");
    assertThat(Objects.requireNonNull(delete.before()).properties()).hasSize(3);
  }

  @Test
  void compositeKeysStandInKeyOrder() throws Exception {
    assertThat(ids(changes("composite key")))
        .containsExactly(
            "+order_items:7_a\\_b",
            "-order_items:7_a\\_b",
            "+order_items:7_c\\\\d",
            "-order_items:7_c\\\\d");
  }

  @Test
  void aChosenIndexIsTheKey() throws Exception {
    assertThat(ids(changes("using index")))
        .containsExactly("+by_index:x", "~by_index:x", "-by_index:x", "+by_index:y", "-by_index:y");
  }

  @Test
  void aKeyTupleDoesNotProveAKeyChange() throws Exception {
    List<SourceChange> changes = changes("unchanged key stored out of line");
    SourceChange.Update update = (SourceChange.Update) changes.get(1);
    assertThat(id(update.element())).isEqualTo("toast_key:" + "k".repeat(2100));
    assertThat(update.element().properties())
        .isEqualTo(Map.of("k", text("k".repeat(2100)), "n", new ElementValue.Integer(2)));
    assertThat(update.before()).isNull();
    assertThat(changes).hasSize(2);
  }

  /**
   * The server marks the old tuple by the root's identity, but it has what the partition's gives.
   */
  @Test
  void anUnchangedValueStaysAbsentWhereThePartitionSendsLessThanItsRootSays() throws Exception {
    List<SourceChange> changes = changes("full root, default partition");
    assertThat(ids(changes))
        .containsExactly(
            "+full_root:1", "~full_root:1", "-full_root:1", "+full_root:2", "-full_root:2");
    assertThat(((SourceChange.Update) changes.get(1)).before()).isNull();
    assertThat(insert(changes.get(3)).element().properties())
        .isEqualTo(Map.of("id", new ElementValue.Integer(2), "n", new ElementValue.Integer(6)));
  }

  @Test
  void anUnchangedValueIsFilledWhereThePartitionSendsMoreThanItsRootSays() throws Exception {
    List<SourceChange> changes = changes("default root, full partition");
    assertThat(ids(changes))
        .containsExactly(
            "+default_root:1",
            "~default_root:1",
            "-default_root:1",
            "+default_root:2",
            "-default_root:2");
    assertThat(((SourceChange.Update) changes.get(1)).element().properties())
        .containsEntry("body", text("x".repeat(2100)));
    assertThat(((SourceChange.Update) changes.get(1)).before()).isNull();
    assertThat(insert(changes.get(3)).element().properties())
        .containsEntry("body", text("x".repeat(2100)));
  }

  @Test
  void withoutKeyUnderFullIdentityRowsAreNamedByTheirValues() throws Exception {
    List<SourceChange> changes = changes("bag");
    List<String> ids = ids(changes);
    String nulls = ids.get(0).substring(1);
    String x = ids.get(1).substring(1);
    String y = ids.get(3).substring(1);
    assertThat(List.of(nulls, x, y)).doesNotHaveDuplicates();
    assertThat(nulls).startsWith("bag:");
    assertThat(ids).containsExactly("+" + nulls, "+" + x, "-" + nulls, "+" + y, "~" + x, "-" + x);
    assertThat(insert(changes.get(3)).movedFrom()).isEqualTo(new ElementReference("src", nulls));
  }

  @Test
  void withoutAnyIdentityRowsAreNamedByTheirPlaceAndEquallyOnRedelivery() throws Exception {
    List<String> ids = ids(changes("no key"));
    assertThat(ids).hasSize(3).doesNotHaveDuplicates().isEqualTo(ids(changes("no key")));
    assertThat(ids.get(0)).startsWith("+log_lines:");
    assertThat(ids.get(2)).startsWith("+append_only:");
    assertThat(UUID.fromString(ids.get(0).substring(11)).version()).isEqualTo(5);
  }

  @Test
  void qualifiedIdsAndQuotedNames() throws Exception {
    assertThat(insert(only("quoted names")).element().metadata().labels())
        .containsExactly("My Schema.Odd \"Name\"");
    assertThat(ids(changes("quoted names"))).containsExactly("+My Schema.Odd \"Name\":1");
    Replay qualified = new Replay().format(ElementIdFormat.QUALIFIED).run();
    assertThat(ids(qualified.changes("quoted names"))).containsExactly("+My Schema:Odd \"Name\":1");
    assertThat(ids(qualified.changes("delete by key"))).containsExactly("-public:users:2");
  }

  @Test
  void aTableWithoutColumnsHasElementsWithoutProperties() throws Exception {
    assertThat(insert(only("no columns")).element().properties()).isEmpty();
  }

  @Test
  void truncatesNameTheLabels() throws Exception {
    assertThat(only("truncate one"))
        .isEqualTo(new SourceChange.Truncate(List.of("users"), false, false));
    assertThat(only("truncate several"))
        .isEqualTo(new SourceChange.Truncate(List.of("docs", "bag"), false, true));
    assertThat(only("truncate cascade restart identity"))
        .isEqualTo(new SourceChange.Truncate(List.of("parent_t", "child_t"), true, true));
  }

  @Test
  void ignoredTablesGiveNothing() throws Exception {
    Replay replay = new Replay().ignore("docs", "users").run();
    assertThat(replay.changes("inserts")).isEmpty();
    assertThat(replay.changes("key change")).isEmpty();
    assertThat(replay.changes("delete by key")).isEmpty();
    assertThat(replay.changes("truncate one")).isEmpty();
    assertThat(replay.changes("truncate several"))
        .containsExactly(new SourceChange.Truncate(List.of("bag"), false, true));
  }

  @Test
  void anAddedColumnTakesEffectWithItsRelation() throws Exception {
    Element element = insert(only("column added")).element();
    assertThat(element.properties()).containsEntry("email", text("n@example.org")).hasSize(5);
  }

  @Test
  void configuredKeysUnderFullIdentityMayBeAnyColumns() throws Exception {
    Replay replay = new Replay().key("full_docs(title)").run();
    assertThat(ids(replay.changes("full: unchanged toast")))
        .containsExactly("+full_docs:a", "-full_docs:a", "+full_docs:b");
    assertThat(ids(replay.changes("full: unchanged toast and key change")))
        .containsExactly("~full_docs:b");
    assertThat(ids(replay.changes("full: delete"))).containsExactly("-full_docs:b");
  }

  @Test
  void configuredKeysThatAreNullHaveAnIdToo() throws Exception {
    Replay replay = new Replay().key("bag(b)").run();
    assertThat(ids(replay.changes("bag")))
        .containsExactly("+bag:\\N", "+bag:x", "-bag:\\N", "+bag:y", "~bag:x", "-bag:x");
  }

  @Test
  void configuredKeysOutsideTheReplicaIdentityCannotBeUpdatedOrDeleted() throws Exception {
    Replay replay = new Replay().key("users(name)").run();
    assertThat(ids(replay.changes("inserts"))).containsExactly("+users:Zoë", "+users:\\N");
    for (String name : List.of("update without old tuple", "key change", "delete by key")) {
      assertThatThrownBy(() -> replay.changes(name))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("column name of public.users")
          .hasMessageContaining("ALTER TABLE \"public\".\"users\" REPLICA IDENTITY FULL");
    }
  }

  @Test
  void everyTypeComesThrough() throws Exception {
    List<SourceChange> changes = changes("every type");
    Map<String, ElementValue> first = insert(changes.get(0)).element().properties();
    assertThat(first)
        .containsEntry("f4", new ElementValue.Float(1.1f))
        .containsEntry("f8", new ElementValue.Float(0.1))
        .containsEntry("t", text("tab\there"))
        .containsEntry("c", text("c   "))
        .containsEntry("d", new ElementValue.Date(LocalDate.of(-43, 3, 15)))
        .containsEntry("j", new ElementValue.Json("{\"a\" :  1}"))
        .containsEntry("jb", new ElementValue.Json("{\"a\": 1}"))
        .containsEntry("by", ElementValue.Bytes.copyOf(new byte[] {0, (byte) 0xFF, 0x10}))
        .containsEntry(
            "arr",
            new ElementValue.List(
                List.of(
                    new ElementValue.Integer(1),
                    ElementValue.Null.NULL,
                    new ElementValue.Integer(3))));
    Map<String, Class<?>> types = new HashMap<>();
    first.forEach((name, value) -> types.put(name, value.getClass()));
    assertThat(types)
        .containsEntry("n", ElementValue.Decimal.class)
        .containsEntry("u", ElementValue.Uuid.class)
        .containsEntry("ts", ElementValue.LocalDateTime.class)
        .containsEntry("tz", ElementValue.ZonedDateTime.class)
        .containsEntry("tm", ElementValue.Time.class);
    assertThat(insert(changes.get(1)).element().properties())
        .containsEntry("f8", new ElementValue.Float(Double.NEGATIVE_INFINITY))
        .containsEntry("n", text("NaN"))
        .containsEntry("ts", text("infinity"))
        .containsEntry("tm", text("24:00:00"));
    assertThat(insert(changes.get(2)).element().properties().values())
        .filteredOn(NULL::equals)
        .hasSize(20);
  }

  @Test
  void aValueThatIsMalformedIsNamedByTableColumnAndType() {
    assertThatThrownBy(() -> TestRows.map("users(*id:23, n:1700)", "I 1 secret"))
        .isInstanceOf(ProtocolException.class)
        .hasMessage(
            "public.users: column n: malformed value of type numeric, text format, 6 bytes");
  }

  @Test
  void aTupleOfAnotherColumnCountIsRefused() {
    assertThatThrownBy(() -> TestRows.map("users(*id:23, n:1700)", "I 1"))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("public.users has 2 columns, but a tuple has 1");
    assertThatThrownBy(() -> TestRows.map("users(*id:23, n:1700)", "D K 1"))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("public.users has 2 columns, but a tuple has 1");
  }

  @Test
  void aTupleThatIsLessFullThanItSaysDoesNotTurnAnUnchangedValueIntoNull() throws Exception {
    List<SourceChange> changes =
        TestRows.map("users(*id:23, n:25)", "U O 1 <null> N 2 <unchanged>");
    assertThat(insert(changes.get(1)).element().properties())
        .isEqualTo(Map.of("id", new ElementValue.Integer(2)));
  }

  @Test
  void aKeyTupleThatHoldsMoreThanTheKeyIsMadeUseOf() throws Exception {
    List<SourceChange> changes = TestRows.map("users(*id:23, n:25)", "U K 1 big N 1 <unchanged>");
    SourceChange.Update update = (SourceChange.Update) changes.get(0);
    assertThat(update.element().properties()).containsEntry("n", text("big"));
    assertThat(update.before()).isNull();
  }

  @Test
  void withoutKeyUnderFullIdentityTheOldRowMustCome() {
    for (String message : List.of("U N 1 b", "U K 1 a N 1 b", "D K 1 a")) {
      assertThatThrownBy(() -> TestRows.map("full t(*id:23, n:25)", message))
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("REPLICA IDENTITY FULL and no key");
    }
  }

  @Test
  void aKeyThatWasNotSentIsRefused() {
    assertThatThrownBy(() -> TestRows.map("t(*id:25, n:25)", "U N <unchanged> b"))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("public.t: column id tells rows apart, but was not sent");
  }

  @Test
  void aSnapshotGivesTheSameElementAsTheStream() throws Exception {
    Element streamed = insert(TestRows.map("users(*id:23, n:1700)", "I 7 1.50").get(0)).element();
    TableMapping mapping = TestRows.mapping("users(*id:23, n:1700)");
    byte[] bytes = {'7', '1', '.', '5', '0'};
    @Nullable ElementValue[] row = {
      mapping.decodeText(0, bytes, 0, 1), mapping.decodeText(1, bytes, 1, 5)
    };
    assertThat(mapping.snapshotElement(row, TestRows.TRANSACTION, 0)).isEqualTo(streamed);
    assertThat(mapping.rowIdentity()).isEqualTo(RowIdentity.KEY);
    assertThat(mapping.keyWithinIdentity()).isTrue();
  }

  private static List<SourceChange> changes(String name) throws Exception {
    return new Replay().run().changes(name);
  }

  private static SourceChange only(String name) throws Exception {
    List<SourceChange> changes = changes(name);
    assertThat(changes).hasSize(1);
    return changes.get(0);
  }

  private static SourceChange.Insert insert(SourceChange change) {
    return (SourceChange.Insert) change;
  }

  private static String id(Element element) {
    return element.metadata().reference().elementId();
  }

  /** The ids in order: + inserted, ~ updated, - deleted. */
  private static List<String> ids(List<SourceChange> changes) {
    return changes.stream()
        .map(
            change -> {
              if (change instanceof SourceChange.Insert insert) {
                return "+" + id(insert.element());
              }
              return change instanceof SourceChange.Update update
                  ? "~" + id(update.element())
                  : "-" + ((SourceChange.Delete) change).metadata().reference().elementId();
            })
        .toList();
  }

  private static ElementValue text(String value) {
    return new ElementValue.Text(value);
  }
}
