package io.drasi.postgres.decoder.row;

import io.drasi.api.change.SourceChange;
import io.drasi.postgres.decoder.Recording;
import io.drasi.postgres.decoder.pgoutput.PgOutputDecoder;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Begin;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Relation;
import io.drasi.postgres.decoder.pgoutput.ReplicaIdentity;
import io.drasi.postgres.decoder.value.Codecs;
import io.drasi.postgres.decoder.value.TypeCodecs;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Maps the recorded stream from its start to its end, as a source does, and keeps the results. */
final class Replay {
  /** What the catalog of the recorded database said where the stream does not. */
  private static final Map<String, TableIdentity> CATALOG =
      Map.of(
          "order_items", catalog("order_items", ReplicaIdentity.DEFAULT, "order_id", "item_id"),
          "full_docs", catalog("full_docs", ReplicaIdentity.FULL, "id"),
          "full_root", catalog("full_root", ReplicaIdentity.FULL, "id"));

  private final List<TableKeyConfig> tableKeys = new ArrayList<>();
  private final Map<String, List<SourceChange>> changes = new HashMap<>();
  private final Map<String, RuntimeException> failures = new HashMap<>();
  private final Map<String, Instant> times = new HashMap<>();
  private Set<String> ignored = Set.of();
  private ElementIdFormat format = ElementIdFormat.TABLE;
  private RelationCache relations = RelationCache.empty();

  Replay key(String tableKey) {
    tableKeys.add(TableKeyConfig.parse(tableKey));
    return this;
  }

  Replay ignore(String... tables) {
    ignored = Set.of(tables);
    return this;
  }

  Replay format(ElementIdFormat newFormat) {
    format = newFormat;
    return this;
  }

  Replay run() throws IOException {
    PgOutputDecoder decoder = new PgOutputDecoder();
    FieldReader in = new FieldReader(new byte[0]);
    TransactionContext transaction = null;
    String name = "";
    long ordinal = 0;
    for (byte[] bytes : Recording.messages()) {
      in.reset(bytes, 0, bytes.length);
      PgOutputMessage message = decoder.decode(in);
      if (message instanceof Begin begin) {
        transaction =
            new TransactionContext("7000000000000000001", begin.finalLsn(), begin.committedAt());
        ordinal = 0;
      } else if (message instanceof Relation relation) {
        describe(relation);
      }
      name = Recording.caseName(message).orElse(name);
      if (transaction != null) {
        times.putIfAbsent(name, transaction.committedAt());
        map(message, transaction, ordinal++, name);
      }
      Arrays.fill(bytes, (byte) 'x'); // as when the session reads the next message
    }
    return this;
  }

  /** What a case gave; throws what it threw. */
  List<SourceChange> changes(String name) {
    RuntimeException failure = failures.get(name);
    if (failure != null) {
      throw failure;
    }
    return changes.getOrDefault(name, List.of());
  }

  Instant committedAt(String name) {
    return times.getOrDefault(name, Instant.MIN);
  }

  private void describe(Relation relation) {
    if (ignored.contains(relation.table())) {
      relations = relations.withIgnored(relation.oid());
      return;
    }
    Optional<TableIdentity> catalog = Optional.ofNullable(CATALOG.get(relation.table()));
    List<Integer> key = new KeyResolver(tableKeys).resolve(relation, catalog);
    relations =
        relations.with(
            TableMapping.of("src", format, relation, key, TypeCodecs.of(new Codecs(List.of()))));
  }

  private void map(
      PgOutputMessage message, TransactionContext transaction, long ordinal, String name)
      throws ProtocolException {
    List<SourceChange> mapped = changes.computeIfAbsent(name, n -> new ArrayList<>());
    try {
      new ElementMapper().map(message, relations, transaction, ordinal, mapped::add);
    } catch (RuntimeException e) {
      failures.put(name, e);
    }
  }

  private static TableIdentity catalog(
      String table, ReplicaIdentity identity, String... primaryKey) {
    return new TableIdentity(TableName.parse(table), identity, List.of(primaryKey), List.of());
  }
}
