package io.drasi.sink.jsonl;

import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.Subscription;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CancellationException;

/**
 * Writes everything a subscription delivers as JSON lines; the example of a subscriber.
 *
 * <pre>{@code
 * try (var subscription = source.subscribe(SubscriptionRequest.of("printer"));
 *     var writer = new JsonLinesWriter(out)) {
 *   new JsonLinesSink(subscription, writer).run();
 * }
 * }</pre>
 *
 * <p>It is meant for {@link io.drasi.api.source.Acknowledgement#AUTO}: an event is acknowledged
 * when the next one is asked for, that is, after its lines were flushed. An event that could not be
 * written is not acknowledged.
 *
 * <p>Subscription and writer belong to whoever made them, and stay open.
 */
public final class JsonLinesSink implements Runnable {
  private final Subscription subscription;
  private final JsonLinesWriter writer;

  /**
   * A sink. It takes nothing until it {@linkplain #run runs}.
   *
   * @param subscription where the events come from; acknowledged automatically
   * @param writer where they go; the sink's alone while it runs
   */
  public JsonLinesSink(Subscription subscription, JsonLinesWriter writer) {
    this.subscription = subscription;
    this.writer = writer;
  }

  /**
   * Takes and writes until the subscription is closed or the calling thread is interrupted, whose
   * interrupt flag then stays set.
   *
   * @throws io.drasi.api.source.SubscriptionEndedException when the subscription ended with its
   *     source
   * @throws io.drasi.api.source.SourceException when the source failed; the sink may run again
   *     after the source's next start
   * @throws UncheckedIOException when the lines cannot be written
   */
  @Override
  public void run() {
    try {
      for (SourceEvent event : subscription) {
        writer.write(event);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (CancellationException e) {
      if (!Thread.currentThread().isInterrupted()) {
        throw e;
      }
    }
  }
}
