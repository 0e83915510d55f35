package io.drasi.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Transactions as a subscriber takes them, one by one. */
public final class Transactions {
  private static final Duration LONG = Duration.ofSeconds(60);

  private Transactions() {}

  /** The next one; passes over what is none. */
  public static SourceEvent.Transaction next(Subscription subscription)
      throws InterruptedException {
    while (true) {
      if (subscription.poll(LONG).orElseThrow() instanceof SourceEvent.Transaction transaction) {
        return transaction;
      }
    }
  }

  /** The ids of the elements that it inserts; it does nothing else. */
  public static List<String> inserted(SourceEvent.Transaction transaction) {
    List<String> ids = new ArrayList<>();
    for (SourceChange change : transaction.changes()) {
      assertThat(change).isInstanceOf(SourceChange.Insert.class);
      ids.add(((SourceChange.Insert) change).element().metadata().reference().elementId());
    }
    return ids;
  }
}
