package io.drasi.source.postgres.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.change.SourceChange;
import io.drasi.postgres.decoder.pgoutput.ReplicaIdentity;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.row.TableIdentity;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.postgres.decoder.value.Codecs;
import io.drasi.postgres.decoder.value.TypeCodecs;
import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.message.ProtocolException;
import io.drasi.source.postgres.PostgresSourceConfig;
import io.drasi.source.postgres.internal.spill.SpillSpace;
import io.drasi.source.postgres.testing.PgOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TransactionAssemblerTest {
  private static final TableName USERS = TableName.parse("users");

  private TableIdentityLookup lookup = table -> Optional.empty();
  private final TransactionAssembler assembler = assembler("users");

  private TransactionAssembler assembler(String table) {
    PostgresSourceConfig config =
        PostgresSourceConfig.builder("src")
            .withDatabase("shop")
            .withUser("drasi")
            .withTables(List.of(table))
            .build();
    var identity = new TableIdentity(USERS, ReplicaIdentity.DEFAULT, List.of("id"), List.of());
    return new TransactionAssembler(
        7,
        2,
        new RelationResolver(
            config,
            Map.of(USERS, identity),
            name -> lookup.find(name),
            new TypeResolver(TypeCodecs.of(new Codecs(List.of())), typeOids -> List.of()),
            false,
            new HashSet<>()),
        new TransactionMemory(new SpillSpace("source", Path.of("nowhere"), 0), Long.MAX_VALUE));
  }

  private Optional<CommittedTransaction> accept(byte[] message) throws IOException {
    return assembler
        .accept(new FieldReader(message))
        .map(received -> ((DecodedTransaction) received).committed());
  }

  private static List<String> ids(CommittedTransaction transaction) {
    return transaction.changes().stream()
        .map(change -> ((SourceChange.Insert) change).element().metadata().reference().elementId())
        .toList();
  }

  @Test
  void handsATransactionOutWhenItCommits() throws Exception {
    assertThat(accept(PgOutput.begin(100, 5))).isEmpty();
    assertThat(assembler.isInTransaction()).isTrue();
    assertThat(accept(PgOutput.relation())).isEmpty();
    assertThat(accept(PgOutput.insert(1, "Alice"))).isEmpty();
    assertThat(accept(PgOutput.insert(2, "Bob"))).isEmpty();
    CommittedTransaction transaction = accept(PgOutput.commit(100)).orElseThrow();
    assertThat(assembler.isInTransaction()).isFalse();
    assertThat(transaction.position()).isEqualTo(PostgresPosition.after(7, 2, new Lsn(101)));
    assertThat(transaction.xid()).isEqualTo(5);
    assertThat(ids(transaction)).containsExactly("users:1", "users:2");
  }

  @Test
  void keepsRelationsFromOneTransactionToTheNextButNotTheChanges() throws Exception {
    accept(PgOutput.begin(100, 5));
    accept(PgOutput.relation());
    accept(PgOutput.insert(1, "Alice"));
    accept(PgOutput.commit(100));
    accept(PgOutput.begin(200, 6));
    accept(PgOutput.insert(2, "Bob"));
    assertThat(ids(accept(PgOutput.commit(200)).orElseThrow())).containsExactly("users:2");
  }

  @Test
  void aTransactionMayHaveNoChanges() throws Exception {
    accept(PgOutput.begin(100, 5));
    assertThat(accept(PgOutput.commit(100)).orElseThrow().changes()).isEmpty();
  }

  @Test
  void leavesOutTablesThatAreNotListed() throws Exception {
    TransactionAssembler others = assembler("orders");
    for (byte[] message :
        List.of(PgOutput.begin(100, 5), PgOutput.relation(), PgOutput.insert(1, "Alice"))) {
      others.accept(new FieldReader(message));
    }
    assertThat(
            others
                .accept(new FieldReader(PgOutput.commit(100)))
                .orElseThrow()
                .committed()
                .changeCount())
        .isZero();
  }

  @Test
  void refusesABeginWithinATransaction() throws Exception {
    accept(PgOutput.begin(100, 5));
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> accept(PgOutput.begin(200, 6)))
        .withMessage("pgoutput: 'B' within a transaction");
  }

  @Test
  void refusesWhatBelongsToNoTransaction() {
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> accept(PgOutput.insert(1, "Alice")))
        .withMessage("pgoutput: 'I' outside of a transaction");
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> accept(PgOutput.commit(100)))
        .withMessage("pgoutput: 'C' outside of a transaction");
    assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> accept(new byte[0]));
  }

  @Test
  void refusesACommitOfAnotherTransaction() throws Exception {
    accept(PgOutput.begin(100, 5));
    assertThatExceptionOfType(TransactionException.class)
        .isThrownBy(() -> accept(PgOutput.commit(101)))
        .withMessage(
            "the transaction with commit LSN 0/64 (xid 5) cannot be decoded: pgoutput: Begin"
                + " announced 0/64, but Commit came for 0/65")
        .satisfies(e -> assertThat(e.commitLsn()).isEqualTo(new Lsn(100)));
  }

  @Test
  void namesTheTransactionThatCannotBeDecodedButNoValues() throws Exception {
    accept(PgOutput.begin(0x16_0000_0001L, -1));
    accept(PgOutput.insert(1, "secret"));
    assertThatExceptionOfType(TransactionException.class)
        .isThrownBy(() -> accept(PgOutput.commit(0x16_0000_0001L)))
        .withMessageStartingWith(
            "the transaction with commit LSN 16/1 (xid 4294967295) cannot be decoded: ")
        .withMessageContaining("relation 16400")
        .withMessageNotContaining("secret")
        .withCauseInstanceOf(ProtocolException.class);
  }

  @Test
  void namesTheTransactionWhoseCommitIsMalformed() throws Exception {
    accept(PgOutput.begin(100, 5));
    assertThatExceptionOfType(TransactionException.class)
        .isThrownBy(() -> accept(new byte[] {'C', 0, 1}))
        .satisfies(e -> assertThat(e.commitLsn()).isEqualTo(new Lsn(100)));
  }

  @Test
  void aCatalogThatCannotBeAskedIsNoFaultOfTheTransaction() throws Exception {
    var gone = new ConnectionException("the connection broke", null);
    lookup =
        table -> {
          throw gone;
        };
    accept(PgOutput.begin(100, 5));
    accept(PgOutput.relation('f')); // not what the catalog said when the session began
    assertThatThrownBy(() -> accept(PgOutput.commit(100))).isSameAs(gone);
  }

  @Test
  void asksTheCatalogAnewWheneverATableIsDescribedAgain() throws Exception {
    int[] asked = {0};
    lookup =
        table -> {
          asked[0]++;
          return Optional.of(
              new TableIdentity(table, ReplicaIdentity.FULL, List.of("id"), List.of()));
        };
    for (int lsn = 100; lsn < 103; lsn++) {
      accept(PgOutput.begin(lsn, lsn));
      accept(PgOutput.relation('f'));
      accept(PgOutput.insert(lsn, "Alice"));
      assertThat(ids(accept(PgOutput.commit(lsn)).orElseThrow())).containsExactly("users:" + lsn);
    }
    assertThat(asked[0]).isEqualTo(3);
  }
}
