package io.drasi.source.postgres.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.Source;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.SourceStatus;
import io.drasi.api.source.SourceStatusListener;
import io.drasi.source.postgres.PostgresReplicationSource;
import io.drasi.source.postgres.testing.HandClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class StatusBoardTest {
  private final HandClock clock = new HandClock();
  private final Source source =
      PostgresReplicationSource.builder("src").withDatabase("d").withUser("u").build();
  private final StatusBoard board = new StatusBoard(source, clock);
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  private void tellsOf(Source from, SourceStatus status) {
    told.add(from.id() + " " + status);
  }

  private List<String> told(int count) throws InterruptedException {
    List<String> list = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String next = told.poll(10, TimeUnit.SECONDS);
      assertThat(next).as("told after %s", list).isNotNull();
      list.add(next);
    }
    return list;
  }

  @Test
  void startsStopped() {
    assertThat(board.status().state()).isEqualTo(SourceState.STOPPED);
    assertThat(board.status().since()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void tellsEveryChangeInOrder() throws Exception {
    board.add(this::tellsOf);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      board.transition(SourceState.RECONNECTING, "attempt " + i, null);
      expected.add("src RECONNECTING, waiting for attempt " + i);
    }
    assertThat(told(1000)).isEqualTo(expected);
  }

  @Test
  void tellsNothingWhenNothingIsDifferent() throws Exception {
    board.add(this::tellsOf);
    board.transition(SourceState.STOPPED, null, null);
    board.transition(SourceState.FAILED, null, new SourceException("why", null));
    board.transition(SourceState.FAILED, null, new SourceException("why", null));
    board.transition(SourceState.STOPPED, null, null);
    assertThat(told(2)).containsExactly("src FAILED: why", "src STOPPED");
    board.close();
    assertThat(told).isEmpty();
  }

  @Test
  void aThrowingListenerHarmsNobody() throws Exception {
    board.add(
        (from, status) -> {
          throw new IllegalStateException("a listener's own trouble");
        });
    board.add(
        (from, status) -> {
          throw new NoClassDefFoundError("of a bundle that is gone");
        });
    board.add(this::tellsOf);
    board.transition(SourceState.STARTING, null, null);
    board.transition(SourceState.RUNNING, null, null);
    assertThat(told(2)).containsExactly("src STARTING", "src RUNNING");
  }

  @Test
  void aSlowListenerHoldsNobodyWhoChangesTheStatus() throws Exception {
    var release = new CountDownLatch(1);
    board.add(
        (from, status) -> {
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    board.add(this::tellsOf);
    board.transition(SourceState.STARTING, null, null);
    board.transition(SourceState.RUNNING, null, null);
    assertThat(board.status().state()).isEqualTo(SourceState.RUNNING);
    assertThat(told).isEmpty();
    release.countDown();
    assertThat(told(2)).containsExactly("src STARTING", "src RUNNING");
  }

  @Test
  void callsListenersOnAThreadOfItsOwn() throws Exception {
    var thread = new LinkedBlockingQueue<Thread>();
    board.add((from, status) -> thread.add(Thread.currentThread()));
    board.transition(SourceState.STARTING, null, null);
    Thread called = thread.poll(10, TimeUnit.SECONDS);
    assertThat(called).isNotNull();
    assertThat(called.getName()).isEqualTo("src-events");
    assertThat(called.isDaemon()).isTrue();
    board.close();
    called.join();
    assertThat(called.isAlive()).isFalse();
  }

  @Test
  void aListenerIsRemovedAsOftenAsItsRegistrationIsClosedOnce() throws Exception {
    SourceStatusListener listener = this::tellsOf;
    ManagedSource.Registration first = board.add(listener);
    board.add(listener);
    first.close();
    first.close();
    board.transition(SourceState.STARTING, null, null);
    assertThat(told(1)).containsExactly("src STARTING");
    board.close();
  }

  @Test
  void sinceIsWhenTheStateBegan() {
    board.transition(SourceState.RECONNECTING, null, new SourceException("one", null));
    clock.advance(Duration.ofSeconds(5));
    board.transition(SourceState.RECONNECTING, null, new SourceException("another", null));
    assertThat(board.status().since()).isEqualTo(Instant.EPOCH);
    assertThat(board.status().error()).hasValueSatisfying(e -> assertThat(e).hasMessage("another"));
    board.transition(SourceState.RUNNING, null, null);
    assertThat(board.status().since()).isEqualTo(clock.instant());
  }

  @Test
  void afterItsEndItTellsWhatWasToBeToldAndKeepsTheStatus() throws Exception {
    board.add(this::tellsOf);
    board.transition(SourceState.STARTING, null, null);
    board.close();
    board.close();
    board.transition(SourceState.STOPPED, null, null);
    assertThat(told(1)).containsExactly("src STARTING");
    assertThat(board.status().state()).isEqualTo(SourceState.STOPPED);
    assertThat(told).isEmpty();
  }
}
