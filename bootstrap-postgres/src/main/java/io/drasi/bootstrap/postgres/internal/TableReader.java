package io.drasi.bootstrap.postgres.internal;

import io.drasi.postgres.decoder.row.TableMapping;
import io.drasi.postgres.decoder.row.TransactionContext;
import io.drasi.postgres.protocol.ServerErrorException;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.message.FieldReader;
import java.io.IOException;

/** Reads a table's rows into batches. Confined to the reading thread. */
final class TableReader {
  private final TableMapping mapping;
  private final TransactionContext snapshot;
  private final Batch batch;
  private final TableProgress progress;
  private final CopyTextRow row;
  private long rows;

  TableReader(
      TableMapping mapping, TransactionContext snapshot, Batch batch, TableProgress progress) {
    this.mapping = mapping;
    this.snapshot = snapshot;
    this.batch = batch;
    this.progress = progress;
    this.row = new CopyTextRow(mapping);
  }

  /**
   * Runs the COPY and hands over the last batch.
   *
   * @throws ServerErrorException when the server refuses, or gives up
   */
  void read(Session session, String copyStatement) throws IOException, InterruptedException {
    try {
      session.copyOut(copyStatement, this::add);
    } catch (HandOverInterruptedException e) {
      throw e.cause;
    }
    batch.flush();
    progress.end(rows);
  }

  private void add(FieldReader content) throws IOException {
    int length = content.remaining();
    try {
      if (batch.add(mapping.snapshotElement(row.read(content), snapshot, rows++), length)) {
        progress.at(rows);
      }
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
