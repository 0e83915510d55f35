package io.drasi.source.postgres.internal.transaction;

import io.drasi.api.change.SourceChange;
import io.drasi.postgres.decoder.pgoutput.PgOutputDecoder;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Origin;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Relation;
import io.drasi.postgres.decoder.row.ElementMapper;
import io.drasi.postgres.decoder.row.RelationCache;
import io.drasi.postgres.decoder.row.TransactionContext;
import io.drasi.postgres.protocol.message.FieldReader;
import java.io.IOException;
import java.util.function.Consumer;

/** Turns the messages of one transaction into changes. Confined to one thread at a time. */
final class ChangeDecoder {
  private final PgOutputDecoder decoder = new PgOutputDecoder();
  private final ElementMapper mapper = new ElementMapper();
  private final TransactionContext context;
  private final RelationStep step;
  private final Consumer<SourceChange> changes;
  private RelationCache relations;

  /**
   * The number of the next message about rows. Others do not count: the server describes tables
   * anew in each session, and a transaction that comes again has to get the same numbers.
   */
  private long ordinal;

  /** What the cache is after a Relation message. */
  interface RelationStep {
    RelationCache after(Relation relation, RelationCache known) throws IOException;
  }

  /**
   * A decoder.
   *
   * @param atBegin the tables as they are known at the transaction's begin
   * @param changes takes the changes, in order
   */
  ChangeDecoder(
      TransactionContext context,
      RelationCache atBegin,
      RelationStep step,
      Consumer<SourceChange> changes) {
    this.context = context;
    this.relations = atBegin;
    this.step = step;
    this.changes = changes;
  }

  /** Takes the next message. */
  void accept(FieldReader raw) throws IOException {
    PgOutputMessage message = decoder.decode(raw);
    if (message instanceof Relation relation) {
      relations = step.after(relation, relations);
    } else if (!(message instanceof PgOutputMessage.Type || message instanceof Origin)) {
      mapper.map(message, relations, context, ordinal++, changes);
    }
  }
}
