package io.drasi.postgres.decoder.row;

import io.drasi.api.change.Element;
import io.drasi.api.change.ElementMetadata;
import io.drasi.api.change.ElementValue;
import io.drasi.api.change.SourceChange;
import io.drasi.api.config.ConfigurationException;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Delete;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Insert;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.OldTuple;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Truncate;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Update;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns messages about rows into changes to elements.
 *
 * <ul>
 *   <li>An insert is an {@link SourceChange.Insert}, a delete a {@link SourceChange.Delete} of the
 *       old id.
 *   <li>An update is an {@link SourceChange.Update}; where the old and the new key differ in value,
 *       it is a {@link SourceChange.Delete} of the old id and an {@link SourceChange.Insert} of the
 *       new one that says where it moved from.
 *   <li>A value that the server did not repeat is taken from the old row where that was sent, and
 *       is absent otherwise.
 *   <li>{@code before} is there when the server sent the whole old row. It is dated as its change.
 *       A table with {@code REPLICA IDENTITY FULL} that partitions with a narrower one are
 *       published as claims to send whole rows, but does not; the stream does not tell, so such
 *       partitions have to be refused by whoever sees the catalog.
 *   <li>A truncate is one {@link SourceChange.Truncate} with the labels of all its tables that are
 *       not ignored, if there is any.
 * </ul>
 *
 * <p>All other messages, and changes to ignored tables, give nothing. Stateless.
 */
public final class ElementMapper {

  /** A mapper. */
  public ElementMapper() {}

  /**
   * Hands the changes that a message stands for to {@code out}, in order: none, one or two.
   * Everything is decoded before the first is handed over, and nothing refers to the message's
   * bytes afterwards.
   *
   * @param message the message
   * @param relations the tables as they were described before the message
   * @param transaction the transaction it belongs to
   * @param ordinal the message's number within the transaction
   * @param out takes the changes
   * @throws ProtocolException when the message does not fit its table, or a value its type
   * @throws ConfigurationException when a configured key lies outside the replica identity, so that
   *     an update or delete does not tell which row it means
   */
  public void map(
      PgOutputMessage message,
      RelationCache relations,
      TransactionContext transaction,
      long ordinal,
      Consumer<? super SourceChange> out)
      throws ProtocolException {
    if (message instanceof Insert insert) {
      Optional<TableMapping> table = relations.find(insert.relationOid());
      if (table.isPresent()) {
        mapInsert(insert, table.get(), transaction, ordinal, out);
      }
    } else if (message instanceof Update update) {
      Optional<TableMapping> table = relations.find(update.relationOid());
      if (table.isPresent()) {
        mapUpdate(update, table.get(), transaction, ordinal, out);
      }
    } else if (message instanceof Delete delete) {
      Optional<TableMapping> table = relations.find(delete.relationOid());
      if (table.isPresent()) {
        mapDelete(delete, table.get(), transaction, ordinal, out);
      }
    } else if (message instanceof Truncate truncate) {
      mapTruncate(truncate, relations, out);
    }
  }

  private static void mapInsert(
      Insert insert,
      TableMapping table,
      TransactionContext transaction,
      long ordinal,
      Consumer<? super SourceChange> out)
      throws ProtocolException {
    @Nullable ElementValue[] row = table.decode(insert.row());
    ElementMetadata metadata = table.metadata(row, transaction, ordinal);
    out.accept(new SourceChange.Insert(table.node(metadata, row)));
  }

  private static void mapUpdate(
      Update update,
      TableMapping table,
      TransactionContext transaction,
      long ordinal,
      Consumer<? super SourceChange> out)
      throws ProtocolException {
    @Nullable ElementValue[] row = table.decode(update.row());
    OldTuple oldTuple = update.old();
    if (oldTuple == null) {
      table.requireUnchangedId();
      ElementMetadata metadata = table.metadata(row, transaction, ordinal);
      out.accept(new SourceChange.Update(table.node(metadata, row), null));
      return;
    }
    @Nullable ElementValue[] oldRow = table.decode(oldTuple);
    fill(row, oldRow);
    ElementMetadata metadata = table.metadata(row, transaction, ordinal);
    if (table.sameId(oldRow, row)) {
      Element before = before(oldTuple, table, metadata, oldRow);
      out.accept(new SourceChange.Update(table.node(metadata, row), before));
      return;
    }
    ElementMetadata oldMetadata = table.metadata(oldRow, transaction, ordinal);
    out.accept(new SourceChange.Delete(oldMetadata, before(oldTuple, table, oldMetadata, oldRow)));
    out.accept(new SourceChange.Insert(table.node(metadata, row), oldMetadata.reference()));
  }

  private static void mapDelete(
      Delete delete,
      TableMapping table,
      TransactionContext transaction,
      long ordinal,
      Consumer<? super SourceChange> out)
      throws ProtocolException {
    @Nullable ElementValue[] oldRow = table.decode(delete.old());
    ElementMetadata metadata = table.metadata(oldRow, transaction, ordinal);
    out.accept(new SourceChange.Delete(metadata, before(delete.old(), table, metadata, oldRow)));
  }

  private static void mapTruncate(
      Truncate truncate, RelationCache relations, Consumer<? super SourceChange> out)
      throws ProtocolException {
    List<String> labels = new ArrayList<>();
    for (int oid : truncate.relationOids()) {
      relations.find(oid).ifPresent(table -> labels.addAll(table.labels()));
    }
    if (!labels.isEmpty()) {
      out.accept(new SourceChange.Truncate(labels, truncate.cascade(), truncate.restartIdentity()));
    }
  }

  /**
   * Takes what was not sent from the old row. A value that is stored out of line is not NULL: where
   * the old row says so all the same, it is not as full as it claims, and stays out.
   */
  private static void fill(@Nullable ElementValue[] row, @Nullable ElementValue[] oldRow) {
    for (int i = 0; i < row.length; i++) {
      if (row[i] == null && oldRow[i] != ElementValue.Null.NULL) {
        row[i] = oldRow[i];
      }
    }
  }

  private static @Nullable Element before(
      OldTuple old, TableMapping table, ElementMetadata metadata, @Nullable ElementValue[] oldRow) {
    return old.kind() == OldTuple.Kind.FULL ? table.node(metadata, oldRow) : null;
  }
}
