package io.drasi.bootstrap.postgres.internal;

import io.drasi.postgres.decoder.row.TableMapping;
import io.drasi.postgres.decoder.row.TransactionContext;
import io.drasi.postgres.protocol.ServerErrorException;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.message.FieldReader;
import java.io.IOException;

/** Reads the rows of one part into batches. Confined to one thread. */
final class PartReader {
  private final Part part;
  private final TableMapping mapping;
  private final TransactionContext snapshot;
  private final Batch batch;
  private final CopyTextRow row;
  private long rows;

  PartReader(Part part, TransactionContext snapshot, Batch batch) {
    this.part = part;
    this.mapping = part.whole().mapping();
    this.snapshot = snapshot;
    this.batch = batch;
    this.row = new CopyTextRow(mapping);
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
    batch.flush();
    return rows;
  }

  private void add(FieldReader content) throws IOException {
    int length = content.remaining();
    long ordinal = part.firstOrdinal() + rows++;
    try {
      batch.add(mapping.snapshotElement(row.read(content), snapshot, ordinal), length);
    } catch (InterruptedException e) {
      throw new HandOverInterruptedException(e);
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
