package io.drasi.postgres.decoder.row;

import io.drasi.api.change.Element;
import io.drasi.api.change.ElementMetadata;
import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementReference;
import io.drasi.api.change.ElementValue;
import io.drasi.api.change.PropertyNames;
import io.drasi.api.config.ConfigurationException;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Column;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.OldTuple;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Relation;
import io.drasi.postgres.decoder.pgoutput.ReplicaIdentity;
import io.drasi.postgres.decoder.pgoutput.Tuple;
import io.drasi.postgres.decoder.value.TypeCodecs;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of one table become elements: everything that depends on the table alone, resolved
 * once. The stream and the snapshot use the same mapping, so that a row has the same id, label and
 * values by either road. Immutable, thread-safe.
 *
 * <p>A row is an array with a value per column of the relation; null stands for a value that was
 * not sent.
 */
public final class TableMapping {
  private static final String STREAM = "stream";
  private static final String SNAPSHOT = "snapshot";

  private final String sourceId;
  private final ElementIdFormat format;
  private final List<Integer> key;
  private final TableName table;
  private final Relation relation;
  private final List<String> labels;
  private final PropertyNames names;
  private final ColumnDecoders decoders;
  private final ElementIds ids;
  private final boolean keyWithinIdentity;

  private TableMapping(
      String sourceId,
      ElementIdFormat format,
      Relation relation,
      List<Integer> key,
      TypeCodecs types) {
    this.sourceId = sourceId;
    this.format = format;
    this.key = key;
    this.relation = relation;
    this.table = new TableName(relation.schema(), relation.table());
    this.labels = List.of(table.label());
    this.names = PropertyNames.of(relation.columns().stream().map(Column::name).toList());
    this.decoders = new ColumnDecoders(table, relation.columns(), types);
    boolean fullRows = relation.identity() == ReplicaIdentity.FULL;
    this.ids = new ElementIds(table, format.prefix(table), names, key, fullRows);
    this.keyWithinIdentity = Arrays.stream(ids.key()).allMatch(decoders::inIdentity);
  }

  /**
   * Resolves a mapping.
   *
   * @param sourceId the id of the source that delivers the elements
   * @param format how element ids begin
   * @param relation the table: from the stream, or made from the catalog for a snapshot
   * @param key the key's columns as {@link KeyResolver} gives them
   * @param types the codecs of the columns' types
   */
  public static TableMapping of(
      String sourceId,
      ElementIdFormat format,
      Relation relation,
      List<Integer> key,
      TypeCodecs types) {
    return new TableMapping(sourceId, format, relation, key, types);
  }

  /** The same mapping, with other codecs of the columns' types. */
  public TableMapping with(TypeCodecs types) {
    return new TableMapping(sourceId, format, relation, key, types);
  }

  /** The table's name. */
  public TableName table() {
    return table;
  }

  /** What the mapping was resolved from. */
  public Relation relation() {
    return relation;
  }

  /** The labels of the table's elements. */
  public List<String> labels() {
    return labels;
  }

  /** The names of the table's columns, shared by all its elements. */
  public PropertyNames names() {
    return names;
  }

  /** How the table's rows are told apart. */
  public RowIdentity rowIdentity() {
    return ids.identity();
  }

  /**
   * Whether the key lies within the replica identity. If not, updates and deletes of the table are
   * refused; its rows can only be inserted.
   */
  public boolean keyWithinIdentity() {
    return keyWithinIdentity;
  }

  /**
   * Decodes one value in the text format, as COPY has it once its escapes are undone.
   *
   * @param column the column's index
   * @throws ProtocolException when it is malformed; names table, column and type
   */
  public ElementValue decodeText(int column, byte[] array, int from, int to)
      throws ProtocolException {
    return decoders.decodeText(column, array, from, to);
  }

  /**
   * Decodes one value in the binary format.
   *
   * @param column the column's index
   * @throws ProtocolException when it is malformed; names table, column and type
   */
  public ElementValue decodeBinary(int column, byte[] array, int from, int to)
      throws ProtocolException {
    return decoders.decodeBinary(column, array, from, to);
  }

  /** Whether the binary format of every column is understood. */
  public boolean understandsBinary() {
    return decoders.understandBinary();
  }

  /**
   * The element of a row that a snapshot read.
   *
   * @param row a value for each column; taken over, not copied
   * @param snapshot the snapshot
   * @param ordinal the row's number within the table's part of the snapshot; only counts for {@link
   *     RowIdentity#POSITION}
   * @throws ProtocolException when a value that its id is made of is missing
   */
  public Element snapshotElement(
      @Nullable ElementValue[] row, TransactionContext snapshot, long ordinal)
      throws ProtocolException {
    return node(metadata(ids.id(row, SNAPSHOT, snapshot, ordinal), snapshot), row);
  }

  @Nullable ElementValue[] decode(Tuple tuple) throws ProtocolException {
    return decoders.decode(tuple);
  }

  /** Decodes an old row, which must suffice to tell the row's id. */
  @Nullable ElementValue[] decode(OldTuple old) throws ProtocolException {
    if (ids.identity() == RowIdentity.WHOLE_ROW && old.kind() != OldTuple.Kind.FULL) {
      throw oldRowMissing();
    }
    @Nullable ElementValue[] row = decoders.decode(old);
    for (int column : ids.key()) {
      if (row[column] == null) {
        throw keyOutsideIdentity(column);
      }
    }
    return row;
  }

  /** An update came without old row, which must mean that the row's id did not change. */
  void requireUnchangedId() throws ProtocolException {
    if (ids.identity() == RowIdentity.WHOLE_ROW) {
      throw oldRowMissing();
    }
    if (keyWithinIdentity) {
      return;
    }
    for (int column : ids.key()) {
      if (!decoders.inIdentity(column)) {
        throw keyOutsideIdentity(column);
      }
    }
  }

  boolean sameId(@Nullable ElementValue[] one, @Nullable ElementValue[] other) {
    return ids.same(one, other);
  }

  ElementMetadata metadata(
      @Nullable ElementValue[] row, TransactionContext transaction, long ordinal)
      throws ProtocolException {
    return metadata(ids.id(row, STREAM, transaction, ordinal), transaction);
  }

  Element node(ElementMetadata metadata, @Nullable ElementValue[] row) {
    return new Element.Node(metadata, ElementPropertyMap.of(names, row));
  }

  private ElementMetadata metadata(String id, TransactionContext context) {
    return ElementMetadata.of(new ElementReference(sourceId, id), labels, context.committedAt());
  }

  private ProtocolException oldRowMissing() {
    return new ProtocolException(
        ("%s has REPLICA IDENTITY FULL and no key, but the server did not send the old row;"
                + " a partition of it may have another replica identity")
            .formatted(table));
  }

  private ConfigurationException keyOutsideIdentity(int column) {
    return new ConfigurationException(
        List.of(
            ("column %s of %s is part of its key, but not of its replica identity, so updates and"
                    + " deletes do not tell which row they mean; remedy: ALTER TABLE %s REPLICA"
                    + " IDENTITY FULL, or other table_keys")
                .formatted(names.name(column), table, table.toSql())));
  }

  /** The table and how its rows are told apart. */
  @Override
  public String toString() {
    return table + " by " + ids.identity();
  }
}
