package io.drasi.bootstrap.postgres.internal;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.decoder.row.TableMapping;
import io.drasi.postgres.decoder.row.TransactionContext;
import io.drasi.postgres.protocol.ServerErrorException;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.message.FieldReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the rows of one part into batches. Confined to one thread. */
final class PartReader {
  private final Part part;
  private final TableMapping mapping;
  private final TransactionContext snapshot;
  private final Batch batch;
  private final Ear ear;
  private final CopyRows copied;
  private long rows;

  PartReader(Part part, TransactionContext snapshot, Batch batch, Ear ear) {
    this.part = part;
    this.mapping = part.whole().mapping();
    this.snapshot = snapshot;
    this.batch = batch;
    this.ear = ear;
    this.copied = part.whole().format().rowsOf(mapping);
  }

  /**
   * Runs the COPY and hands over the last batch.
   *
   * @return how many rows there were
   * @throws ServerErrorException when the server refuses, or gives up
   */
  long read(Session session) throws IOException, InterruptedException {
    try {
      session.copyOut(part.copyStatement(), this::add);
    } catch (HandOverInterruptedException e) {
      throw e.cause;
    }
    copied.finish();
    batch.flush();
    return rows;
  }

  private void add(FieldReader content) throws IOException {
    ear.begin();
    try {
      do {
        int length = content.remaining();
        @Nullable ElementValue[] row = copied.read(content);
        if (row != null) {
          long ordinal = part.firstOrdinal() + rows++;
          batch.add(mapping.snapshotElement(row, snapshot, ordinal), length - content.remaining());
        }
      } while (content.remaining() > 0);
    } catch (InterruptedException e) {
      throw new HandOverInterruptedException(e);
    } finally {
      ear.end();
    }
  }

  /** Carries an interrupt through the session, which is at its end. */
  private static final class HandOverInterruptedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final InterruptedException cause;

    HandOverInterruptedException(InterruptedException cause) {
      super(cause);
      this.cause = cause;
    }
  }
}
