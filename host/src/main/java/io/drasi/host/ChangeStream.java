package io.drasi.host;

import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.sink.jsonl.JsonLinesWriter;
import java.io.IOException;
import java.io.OutputStream;

/** Streams a source's changes to an output as JSON lines. Confined to one thread. */
final class ChangeStream {
  /** As many changes as come. */
  static final long UNLIMITED = Long.MAX_VALUE;

  private final ManagedSource source;
  private final OutputStream out;
  private final long limit;
  private long changes;
  private long transactions;

  /**
   * A stream of changes.
   *
   * @param limit after how many changes it ends
   */
  ChangeStream(ManagedSource source, OutputStream out, long limit) {
    this.source = source;
    this.out = out;
    this.limit = limit;
  }

  /** How many changes were written so far. */
  long changes() {
    return changes;
  }

  /** How many transactions they came in. */
  long transactions() {
    return transactions;
  }

  /**
   * Starts the source and writes its changes, until there were enough of them, nobody reads them
   * any more, or the thread is interrupted. A change counts as done when the next is asked for,
   * that is, after it was written.
   *
   * @throws io.drasi.api.source.SourceException when the source has failed
   * @throws IOException when the changes cannot be written
   */
  void run() throws IOException {
    SubscriptionRequest everything =
        SubscriptionRequest.builder("stdout").withBootstrap(source.canBootstrap()).build();
    try (Subscription subscription = source.subscribe(everything);
        var writer = new JsonLinesWriter(out)) {
      source.start();
      while (changes < limit) {
        write(subscription.take(), writer);
      }
    } catch (StandardOutput.ReaderGoneException e) {
      // Whoever read has seen enough.
    } catch (InterruptedException e) {
      // Told to stop, which is what happens next.
    }
  }

  private void write(SourceEvent event, JsonLinesWriter writer) throws IOException {
    boolean isTransaction = event instanceof SourceEvent.Transaction;
    changes +=
        isTransaction && limit != UNLIMITED
            ? writer.write(new FirstChanges((SourceEvent.Transaction) event, limit - changes))
            : writer.write(event);
    transactions += isTransaction ? 1 : 0;
  }
}
