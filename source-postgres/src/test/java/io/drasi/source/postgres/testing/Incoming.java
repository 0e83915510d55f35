package io.drasi.source.postgres.testing;

import io.drasi.postgres.decoder.pgoutput.ReplicaIdentity;
import io.drasi.postgres.decoder.row.TableIdentity;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.postgres.decoder.value.Codecs;
import io.drasi.postgres.decoder.value.TypeCodecs;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.source.postgres.PostgresSourceConfig;
import io.drasi.source.postgres.internal.spill.SpillSpace;
import io.drasi.source.postgres.internal.transaction.DecodedTransaction;
import io.drasi.source.postgres.internal.transaction.ReceivedTransaction;
import io.drasi.source.postgres.internal.transaction.RelationResolver;
import io.drasi.source.postgres.internal.transaction.TransactionAssembler;
import io.drasi.source.postgres.internal.transaction.TransactionMemory;
import io.drasi.source.postgres.internal.transaction.TypeResolver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A stream whose transactions are put together from messages, as those of a server are. System 7,
 * timeline 1. Tables have the key {@code id}, but for {@code events}, which has none.
 */
public final class Incoming {
  private final TransactionAssembler assembler;

  /**
   * A stream.
   *
   * @param tables the tables that are wanted; none means all
   */
  public Incoming(String... tables) {
    this(new SpillSpace("source", Path.of("nowhere"), 0), Long.MAX_VALUE, tables);
  }

  /**
   * A stream whose large transactions are put to disk.
   *
   * @param space where to
   * @param memoryBytes how much memory the changes of one may take
   * @param tables the tables that are wanted; none means all
   */
  public Incoming(SpillSpace space, long memoryBytes, String... tables) {
    PostgresSourceConfig config =
        PostgresSourceConfig.builder("source")
            .withDatabase("shop")
            .withUser("drasi")
            .withTables(List.of(tables))
            .build();
    assembler =
        new TransactionAssembler(
            7,
            1,
            new RelationResolver(
                config,
                Map.of(),
                Incoming::identity,
                new TypeResolver(TypeCodecs.of(new Codecs(List.of())), typeOids -> List.of()),
                false,
                new HashSet<>()),
            new TransactionMemory(space, memoryBytes));
  }

  private static Optional<TableIdentity> identity(TableName table) {
    List<String> key = table.label().equals("events") ? List.of() : List.of("id");
    return Optional.of(new TableIdentity(table, ReplicaIdentity.DEFAULT, key, List.of()));
  }

  /**
   * The next transaction; its raw messages are valid until that after it.
   *
   * @param endLsn where it ends
   * @param messages what is between its Begin and its Commit
   */
  public DecodedTransaction transaction(long endLsn, byte[]... messages) {
    return (DecodedTransaction) receive(endLsn, messages);
  }

  /**
   * The next transaction, in memory or on disk.
   *
   * @param endLsn where it ends
   * @param messages what is between its Begin and its Commit
   */
  public ReceivedTransaction receive(long endLsn, byte[]... messages) {
    begin(endLsn, messages);
    try {
      return accept(PgOutput.commit(endLsn - 1)).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What is received of a transaction before it commits.
   *
   * @param endLsn where it will end
   */
  public void begin(long endLsn, byte[]... messages) {
    try {
      accept(PgOutput.begin(endLsn - 1, (int) endLsn));
      for (byte[] message : messages) {
        accept(message);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The stream ends, wherever it is. */
  public void giveUp() {
    try {
      assembler.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next message, whatever it is. */
  public Optional<ReceivedTransaction> accept(byte[] message) throws IOException {
    return assembler.accept(new FieldReader(message));
  }
}
