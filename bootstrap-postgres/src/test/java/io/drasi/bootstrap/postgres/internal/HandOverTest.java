package io.drasi.bootstrap.postgres.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.change.Element;
import io.drasi.api.change.ElementMetadata;
import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementReference;
import io.drasi.api.change.SourceChange;
import io.drasi.bootstrap.postgres.internal.HandOver.Item.Begun;
import io.drasi.bootstrap.postgres.internal.HandOver.Item.Elements;
import io.drasi.bootstrap.postgres.internal.HandOver.Item.Waiting;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.protocol.message.Lsn;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HandOverTest {
  private static final List<SourceChange.Insert> BATCH =
      List.of(
          new SourceChange.Insert(
              new Element.Node(
                  ElementMetadata.of(new ElementReference("s", "t:1"), List.of("t"), Instant.EPOCH),
                  ElementPropertyMap.empty())));

  private static final PostgresPosition POSITION = PostgresPosition.after(7, 1, new Lsn(8));

  private final HandOver handOver = new HandOver(2);

  @Test
  void givesWhatWasAddedBeforeTheEnd() throws Exception {
    handOver.accept(BATCH);
    handOver.end();
    assertThat(handOver.take()).contains(new Elements(BATCH));
    assertThat(handOver.take()).isEmpty();
    assertThat(handOver.take()).isEmpty();
  }

  @Test
  void abandoningEndsTheWaitForRoom() throws Exception {
    handOver.accept(BATCH);
    handOver.accept(BATCH);
    var adding =
        new FutureTask<>(
            () -> {
              handOver.accept(BATCH);
              return true;
            });
    var thread = new Thread(adding, "adding");
    thread.setDaemon(true);
    thread.start();
    handOver.abandon();
    assertThatThrownBy(() -> adding.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(InterruptedException.class);
  }

  @Test
  void takesNothingAfterItWasAbandonedAndItsEndDoesNotWait() {
    handOver.abandon();
    handOver.end();
    assertThatThrownBy(() -> handOver.accept(BATCH)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void noticesAnInterruptEvenIfThereIsABatch() throws Exception {
    handOver.accept(BATCH);
    Thread.currentThread().interrupt();
    assertThatThrownBy(handOver::take).isInstanceOf(InterruptedException.class);
  }

  @Test
  void tellsOnlyTheLastThatIsWaitedFor() throws Exception {
    handOver.waitingFor("one");
    handOver.waitingFor("another");
    assertThat(handOver.take()).contains(new Waiting("another"));
    handOver.end();
    assertThat(handOver.take()).isEmpty();
  }

  @Test
  void nothingIsWaitedForOnceReadingBegins() throws Exception {
    handOver.waitingFor("early");
    handOver.begin(POSITION, 7);
    handOver.waitingFor("late");
    handOver.accept(BATCH);
    assertThat(handOver.take()).contains(new Begun(POSITION, 7));
    handOver.waitingFor("later");
    assertThat(handOver.take()).contains(new Elements(BATCH));
    handOver.end();
    assertThat(handOver.take()).isEmpty();
  }
}
