package io.drasi.source.postgres.internal.transaction;

import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Relation;
import io.drasi.postgres.decoder.row.KeyResolver;
import io.drasi.postgres.decoder.row.RelationCache;
import io.drasi.postgres.decoder.row.RowIdentity;
import io.drasi.postgres.decoder.row.TableIdentity;
import io.drasi.postgres.decoder.row.TableMapping;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.source.postgres.PostgresSourceConfig;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides how the rows of a relation become elements: whether they are wanted, by which columns
 * they are identified.
 *
 * <p>Confined to the replication thread.
 */
public final class RelationResolver {
  private static final Logger log = LoggerFactory.getLogger(RelationResolver.class);

  private final PostgresSourceConfig config;
  private final KeyResolver keys;
  private final TableIdentityLookup lookup;
  private final TypeResolver types;
  private final boolean binary;
  private final Map<TableName, TableIdentity> identities;
  private final Set<TableName> wanted;
  private final Set<TableName> warned;

  /**
   * A resolver for one session.
   *
   * @param identities what the catalog said of the publication's tables when the session began
   * @param lookup asks the catalog about tables that have come or changed since
   * @param types finds the codecs of the columns' types
   * @param binary whether the server was asked for the binary format
   * @param warned the tables that a warning was logged for already; grows
   */
  public RelationResolver(
      PostgresSourceConfig config,
      Map<TableName, TableIdentity> identities,
      TableIdentityLookup lookup,
      TypeResolver types,
      boolean binary,
      Set<TableName> warned) {
    this.config = config;
    this.keys = new KeyResolver(config.tableKeys());
    this.lookup = lookup;
    this.types = types;
    this.binary = binary;
    this.identities = new HashMap<>(identities);
    this.wanted = new HashSet<>(config.tables());
    this.warned = warned;
  }

  /** What finds the codecs of the columns' types. */
  TypeResolver types() {
    return types;
  }

  /**
   * The cache with the relation in it, in place of what was known under its OID.
   *
   * @throws TextNeededException when its rows come in the binary format, which is not understood
   */
  public RelationCache resolve(Relation relation, RelationCache known) throws IOException {
    var table = new TableName(relation.schema(), relation.table());
    if (!wanted.isEmpty() && !wanted.contains(table)) {
      return known.withIgnored(relation.oid());
    }
    Optional<TableIdentity> identity = identity(table, relation);
    TableMapping mapping =
        TableMapping.of(
            config.id(),
            config.elementIdFormat(),
            relation,
            keys.resolve(relation, identity),
            types.codecs(relation));
    if (binary && !mapping.understandsBinary()) {
      throw new TextNeededException(
          "%s has a type whose binary format is not understood".formatted(table));
    }
    if (mapping.rowIdentity() != RowIdentity.KEY) {
      warnOnce(mapping);
    }
    return known.with(mapping);
  }

  /**
   * The answer from the session's start serves once: a table that is described again has changed.
   */
  private Optional<TableIdentity> identity(TableName table, Relation relation) throws IOException {
    TableIdentity atStart = identities.remove(table);
    return atStart != null && atStart.replicaIdentity() == relation.identity()
        ? Optional.of(atStart)
        : lookup.find(table);
  }

  private void warnOnce(TableMapping mapping) {
    TableName table = mapping.table();
    if (warned.add(table)) {
      log.warn(
          "{}: {} has no key; its rows are told apart by {}. Give it a primary key: ALTER TABLE {}"
              + " ADD PRIMARY KEY (…); or name columns in table_keys",
          config.id(),
          table,
          mapping.rowIdentity() == RowIdentity.WHOLE_ROW
              ? "all their values, so that identical rows count as one"
              : "the place they were inserted at, so that only inserts can be followed",
          table.toSql());
    }
  }
}
