package io.drasi.source.postgres.internal.transaction;

import io.drasi.api.change.SourceChange;
import io.drasi.postgres.decoder.row.RelationCache;
import io.drasi.postgres.protocol.message.FieldReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Decodes the changes of a transaction on disk, one after the other. Not thread-safe. */
final class SpilledChanges implements Iterator<SourceChange> {
  private final SpilledTransaction transaction;
  private final MessageCursor messages;
  private final ChangeDecoder decoder;
  private final FieldReader message = new FieldReader(new byte[0]);

  /** Those of the last message. */
  private final Deque<SourceChange> decoded = new ArrayDeque<>();

  private boolean exhausted;

  SpilledChanges(SpilledTransaction transaction, SpilledMessages messages, ChangeFilter filter) {
    this.transaction = transaction;
    this.messages = new MessageCursor(messages.file(), transaction::noteReading);
    Iterator<RelationCache> known = messages.relations().iterator();
    this.decoder =
        new ChangeDecoder(
            StoredTransaction.context(messages.head().position(), messages.head().commitTime()),
            known.next(),
            (relation, before) -> known.next(),
            change -> filter.narrow(change).ifPresent(decoded::add));
  }

  @Override
  public boolean hasNext() {
    if (!exhausted || !decoded.isEmpty()) {
      transaction.requireReadable();
    }
    while (decoded.isEmpty() && !exhausted) {
      decodeNext();
    }
    return !decoded.isEmpty();
  }

  private void decodeNext() {
    try {
      exhausted = !messages.next(message);
      if (!exhausted) {
        decoder.accept(message);
      }
    } catch (IOException e) {
      throw transaction.failure(e);
    } catch (RuntimeException e) { // it was decoded before: what the file holds is something else
      throw transaction.failure(new IOException(String.valueOf(e.getMessage()), e));
    }
  }

  @Override
  public SourceChange next() {
    if (!hasNext()) {
      throw new NoSuchElementException("there are no more changes");
    }
    return decoded.remove();
  }
}
