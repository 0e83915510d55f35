package io.drasi.bootstrap.postgres.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.change.Element;
import io.drasi.api.change.ElementMetadata;
import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementReference;
import io.drasi.api.change.SourceChange;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BatchQueueTest {
  private static final List<SourceChange.Insert> BATCH =
      List.of(
          new SourceChange.Insert(
              new Element.Node(
                  ElementMetadata.of(new ElementReference("s", "t:1"), List.of("t"), Instant.EPOCH),
                  ElementPropertyMap.empty())));

  private final BatchQueue queue = new BatchQueue(2);

  @Test
  void givesWhatWasAddedBeforeTheEnd() throws Exception {
    queue.accept(BATCH);
    queue.end();
    assertThat(queue.take()).contains(BATCH);
    assertThat(queue.take()).isEmpty();
    assertThat(queue.take()).isEmpty();
  }

  @Test
  void abandoningEndsTheWaitForRoom() throws Exception {
    queue.accept(BATCH);
    queue.accept(BATCH);
    var adding =
        new FutureTask<>(
            () -> {
              queue.accept(BATCH);
              return true;
            });
    var thread = new Thread(adding, "adding");
    thread.setDaemon(true);
    thread.start();
    queue.abandon();
    assertThatThrownBy(() -> adding.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(InterruptedException.class);
  }

  @Test
  void takesNothingAfterItWasAbandonedAndItsEndDoesNotWait() {
    queue.abandon();
    queue.end();
    assertThatThrownBy(() -> queue.accept(BATCH)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void noticesAnInterruptEvenIfThereIsABatch() throws Exception {
    queue.accept(BATCH);
    Thread.currentThread().interrupt();
    assertThatThrownBy(queue::take).isInstanceOf(InterruptedException.class);
  }
}
