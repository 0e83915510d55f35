package io.drasi.bootstrap.postgres.internal;

import io.drasi.api.change.Element;
import io.drasi.api.change.SourceChange;
import java.util.ArrayList;
import java.util.List;

/**
 * The batch that is being filled. Its size in bytes is bounded too, so that a batch of large rows
 * does not fill the heap. Confined to the reading thread.
 */
final class Batch {
  private static final int MOST_BYTES = 4 * 1024 * 1024;

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
   * @return whether it was handed over
   */
  boolean add(Element element, int lengthBytes) throws InterruptedException {
    elements.add(new SourceChange.Insert(element));
    bytes += lengthBytes;
    boolean full = elements.size() == mostElements || bytes >= MOST_BYTES;
    if (full) {
      flush();
    }
    return full;
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
