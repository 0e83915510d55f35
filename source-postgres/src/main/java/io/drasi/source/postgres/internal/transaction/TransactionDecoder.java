package io.drasi.source.postgres.internal.transaction;

import io.drasi.api.change.SourceChange;
import io.drasi.postgres.decoder.row.RelationCache;
import io.drasi.postgres.decoder.value.OutdatedTypeException;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.source.postgres.internal.spill.SharedSpill;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Decodes one transaction after the other, as they commit, and knows the tables as they were left.
 *
 * <p>Confined to the replication thread.
 */
final class TransactionDecoder {
  private final RelationResolver resolver;
  private RelationCache relations = RelationCache.empty();

  TransactionDecoder(RelationResolver resolver) {
    this.resolver = resolver;
  }

  /** Something that decodes a transaction. */
  private interface Attempt<T> {
    T run() throws IOException;
  }

  /** Decodes a transaction that fits into memory. */
  DecodedTransaction decode(CommitHead head, TransactionBuffer messages) throws IOException {
    return asTypesAre(
        () -> {
          List<RelationCache> known = new ArrayList<>(List.of(relations));
          List<SourceChange> changes = new ArrayList<>();
          messages.forEach(decoder(head, known, changes::add)::accept);
          return new DecodedTransaction(
              new CommittedTransaction(
                  head.position(),
                  head.xid(),
                  head.commitTime(),
                  Collections.unmodifiableList(changes),
                  messages.decodedBytes()),
              new RawTransaction(head.position(), head.xid(), head.commitTime(), messages, known));
        });
  }

  /**
   * Looks through a transaction that does not: whoever gets it can rely on it, as what cannot be
   * decoded is noticed here, and knows how many changes it has.
   *
   * @param messages its file, which is closed here when it cannot be decoded
   */
  SpilledTransaction survey(CommitHead head, SharedSpill messages) throws IOException {
    boolean decodable = false;
    try {
      SpilledTransaction transaction = asTypesAre(() -> surveyOnce(head, messages));
      decodable = true;
      return transaction;
    } finally {
      if (!decodable) {
        messages.close();
      }
    }
  }

  private SpilledTransaction surveyOnce(CommitHead head, SharedSpill file) throws IOException {
    List<RelationCache> known = new ArrayList<>(List.of(relations));
    var census = new ChangeCensus();
    ChangeDecoder changes = decoder(head, known, census::add);
    var messages = new MessageCursor(file, () -> {});
    var message = new FieldReader(new byte[0]);
    while (messages.next(message)) {
      changes.accept(message);
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("interrupted in the transaction at " + head.position());
      }
    }
    return SpilledTransaction.of(new SpilledMessages(head, known, census, file));
  }

  /**
   * Where a value does not fit its type, that was changed since the catalog was asked, or since the
   * value was written. In the latter case the value is taken as text.
   */
  private <T> T asTypesAre(Attempt<T> attempt) throws IOException {
    RelationCache atBegin = relations;
    TypeResolver types = resolver.types();
    try {
      return attempt.run();
    } catch (OutdatedTypeException e) {
      relations = types.refresh(atBegin);
    }
    try {
      return attempt.run();
    } catch (OutdatedTypeException e) {
      relations = types.setLenient(true, atBegin);
    }
    try {
      return attempt.run();
    } finally {
      relations = types.setLenient(false, relations);
    }
  }

  /**
   * Decodes what comes next.
   *
   * @param known takes the tables as they are after each Relation message
   */
  private ChangeDecoder decoder(
      CommitHead head, List<RelationCache> known, Consumer<SourceChange> changes) {
    return new ChangeDecoder(
        StoredTransaction.context(head.position(), head.commitTime()),
        relations,
        (relation, before) -> {
          relations = resolver.resolve(relation, before);
          known.add(relations);
          return relations;
        },
        changes);
  }
}
