package io.drasi.source.postgres.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.drasi.api.change.SourceChange;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Relation;
import io.drasi.postgres.decoder.row.ElementIdFormat;
import io.drasi.postgres.decoder.row.RelationCache;
import io.drasi.postgres.decoder.row.TableMapping;
import io.drasi.postgres.decoder.row.TransactionContext;
import io.drasi.postgres.decoder.value.Codecs;
import io.drasi.postgres.decoder.value.TypeCodecs;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.message.ProtocolException;
import io.drasi.source.postgres.testing.PgOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeDecoderTest {
  private static final TransactionContext CONTEXT =
      new TransactionContext("7", new Lsn(100), Instant.EPOCH);

  private final List<SourceChange> changes = new ArrayList<>();
  private final List<RelationCache> before = new ArrayList<>();
  private final List<RelationCache> known = new ArrayList<>();
  private final ChangeDecoder decoder =
      new ChangeDecoder(CONTEXT, RelationCache.empty(), this::describe, changes::add);

  private RelationCache describe(Relation relation, RelationCache known) {
    before.add(known);
    return known.with(mapping(relation, List.of(0)));
  }

  private static TableMapping mapping(Relation relation, List<Integer> key) {
    return TableMapping.of(
        "source", ElementIdFormat.TABLE, relation, key, TypeCodecs.of(new Codecs(List.of())));
  }

  private void accept(byte[] message) throws IOException {
    decoder.accept(new FieldReader(message));
  }

  private List<String> ids() {
    return changes.stream()
        .map(change -> ((SourceChange.Insert) change).element().metadata().reference().elementId())
        .toList();
  }

  @Test
  void mapsEachMessageByTheTablesDescribedBeforeIt() throws Exception {
    accept(PgOutput.relation());
    accept(PgOutput.insert(1, "Alice"));
    accept(PgOutput.orders());
    accept(PgOutput.insert(PgOutput.ORDERS, 2, "a book"));
    accept(PgOutput.insert(3, "Bob"));
    assertThat(ids()).containsExactly("users:1", "orders:2", "users:3");
    assertThat(before).extracting(RelationCache::size).containsExactly(0, 1);
  }

  @Test
  void aRowWithoutAKeyHasTheSameIdWhetherItsTableIsDescribedOrKnown() throws Exception {
    ChangeDecoder first = keyless(RelationCache.empty());
    first.accept(new FieldReader(PgOutput.relation()));
    first.accept(new FieldReader(PgOutput.insert(1, "Alice")));
    ChangeDecoder again = keyless(known.get(0));
    again.accept(new FieldReader(PgOutput.insert(1, "Alice")));
    again.accept(new FieldReader(PgOutput.insert(1, "Alice")));
    assertThat(ids()).hasSize(3);
    assertThat(ids().get(1)).isEqualTo(ids().get(0)).isNotEqualTo(ids().get(2));
  }

  private ChangeDecoder keyless(RelationCache atBegin) {
    return new ChangeDecoder(
        CONTEXT,
        atBegin,
        (relation, tables) -> {
          known.add(tables.with(mapping(relation, List.of())));
          return known.get(0);
        },
        changes::add);
  }

  @Test
  void refusesAChangeOfATableThatWasNotDescribed() throws Exception {
    accept(PgOutput.relation());
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> accept(PgOutput.insert(PgOutput.ORDERS, 1, "a book")))
        .withMessageContaining("relation 16500");
  }

  @Test
  void passesOnThatATableCannotBeLookedUp() {
    var failing =
        new ChangeDecoder(
            CONTEXT,
            RelationCache.empty(),
            (relation, known) -> {
              throw new IOException("the connection broke");
            },
            changes::add);
    assertThatIOException()
        .isThrownBy(() -> failing.accept(new FieldReader(PgOutput.relation())))
        .withMessage("the connection broke");
  }
}
