package io.drasi.bootstrap.postgres.internal;

import io.drasi.api.change.Element;
import io.drasi.api.change.SourceChange;
import java.util.ArrayList;
import java.util.List;

/**
 * The batch that is being filled. Its size in bytes is bounded too, so that batches of large rows
 * do not fill the heap: each worker has one, and some more wait for the subscriber. Confined to one
 * thread.
 */
final class Batch {
  private static final int MOST_BYTES = 1024 * 1024;

  private final int mostElements;
  private final BatchConsumer consumer;
  private List<SourceChange.Insert> elements = new ArrayList<>();
  private long bytes;

  Batch(int mostElements, BatchConsumer consumer) {
    this.mostElements = mostElements;
    this.consumer = consumer;
  }

  /**
   * Adds an element, and hands the batch over when it is full.
   *
   * @param lengthBytes how long the row was on the wire
   */
  void add(Element element, int lengthBytes) throws InterruptedException {
    elements.add(new SourceChange.Insert(element));
    bytes += lengthBytes;
    if (elements.size() == mostElements || bytes >= MOST_BYTES) {
      flush();
    }
  }

  /** Hands over what there is. */
  void flush() throws InterruptedException {
    if (elements.isEmpty()) {
      return;
    }
    List<SourceChange.Insert> full = List.copyOf(elements);
    elements = new ArrayList<>();
    bytes = 0;
    consumer.accept(full);
  }
}
