package io.drasi.sink.jsonl;

import static io.drasi.sink.jsonl.Events.metadata;
import static io.drasi.sink.jsonl.Events.transaction;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourcePosition;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionEndedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonLinesSinkTest {
  private static final SourceEvent EVENT =
      transaction(new SourceChange.Delete(metadata("users:1"), null));

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void writesAllEventsUntilTheSubscriptionIsClosed() {
    var subscription = new Scripted(List.of(EVENT, EVENT), null);

    new JsonLinesSink(subscription, new JsonLinesWriter(out)).run();

    assertThat(out.toString(UTF_8)).hasLineCount(2);
    assertThat(subscription.closed).isFalse();
  }

  @Test
  void hasWrittenAnEventBeforeItAsksForTheNext() {
    var subscription = new Scripted(List.of(EVENT, EVENT), null);
    subscription.onAsking =
        taken -> assertThat(out.toString(UTF_8).lines().count()).isEqualTo(taken);

    new JsonLinesSink(subscription, new JsonLinesWriter(out)).run();

    assertThat(out.toString(UTF_8)).hasLineCount(2);
  }

  @Test
  void tellsWhenTheSubscriptionEndedWithItsSource() {
    var ended = new SubscriptionEndedException("the source was closed");
    var sink = new JsonLinesSink(new Scripted(List.of(EVENT), ended), new JsonLinesWriter(out));

    assertThatThrownBy(sink::run).isSameAs(ended);
    assertThat(out.toString(UTF_8)).hasLineCount(1);
  }

  @Test
  void endsAtAnInterruptAndKeepsTheFlag() {
    Thread.currentThread().interrupt();

    new JsonLinesSink(
            new Scripted(List.of(), new CancellationException("interrupted")),
            new JsonLinesWriter(out))
        .run();

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void takesNothingMoreOnceTheLinesCannotBeWritten() {
    var subscription = new Scripted(List.of(EVENT, EVENT), null);
    var full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };

    var sink = new JsonLinesSink(subscription, new JsonLinesWriter(full));

    assertThatThrownBy(sink::run)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("No space left on device");
    assertThat(subscription.taken).isEqualTo(1);
  }

  /** Delivers events, then throws or ends. */
  private static final class Scripted implements Subscription {
    private final List<SourceEvent> events;
    private final @Nullable RuntimeException end;
    private IntConsumer onAsking = taken -> {};
    private int taken;
    private boolean closed;

    Scripted(List<SourceEvent> events, @Nullable RuntimeException end) {
      this.events = events;
      this.end = end;
    }

    @Override
    public Iterator<SourceEvent> iterator() {
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          onAsking.accept(taken);
          if (taken == events.size() && end != null) {
            throw end;
          }
          return taken < events.size();
        }

        @Override
        public SourceEvent next() {
          return events.get(taken++);
        }
      };
    }

    @Override
    public Flow.Publisher<SourceEvent> publisher(Executor executor) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String subscriberId() {
      return "printer";
    }

    @Override
    public SourceEvent take() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<SourceEvent> poll(Duration timeout) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void acknowledge(SourcePosition position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
