package io.drasi.sink.jsonl.internal.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.PositionUnavailableException;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.sink.jsonl.Events.Completed;
import io.drasi.sink.jsonl.Events.Nothing;
import io.drasi.sink.jsonl.Events.Position;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SourceFollowerTest {
  @TempDir Path folder;

  private final ScriptedSource source = new ScriptedSource();
  private Path file;
  private SourceFollower follower;

  @BeforeEach
  void start() {
    file = folder.resolve("changes.jsonl");
    var options =
        SinkOptions.parse(
            Map.of("source_id", "shop", "output", file.toString(), "bootstrap", "true"));
    follower = new SourceFollower(options, Output.open(options), Duration.ofMillis(1));
    follower.start();
  }

  @AfterEach
  void stop() {
    follower.stop();
    assertThat(threads()).isEmpty();
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter("shop-jsonl-jsonl"::equals)
        .toList();
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(30, TimeUnit.SECONDS);
    assertThat(next).as("it has come").isNotNull();
    return next;
  }

  @Test
  void acknowledgesByHandWhatItHasWritten() throws Exception {
    follower.add(source);
    source.deliver("0/1", "users:1");
    source.deliver(new Nothing(new Position("0/2")));

    SubscriptionRequest request = next(source.requests);
    assertThat(request.acknowledgement()).isEqualTo(Acknowledgement.MANUAL);
    assertThat(request.bootstrap()).isTrue();
    assertThat(request.resumeFrom()).isEmpty();
    assertThat(next(source.acknowledged)).isEqualTo("0/1");
    assertThat(Files.readString(file)).contains("users:1").hasLineCount(1);
    assertThat(next(source.acknowledged)).isEqualTo("0/2");
  }

  @Test
  void goesOnWithTheNextSourceAfterWhatItHasWritten() throws Exception {
    follower.add(source);
    source.deliver("0/1", "users:1");
    next(source.acknowledged);

    follower.remove(source);
    next(source.closed);
    var again = new ScriptedSource();
    follower.add(again);
    again.deliver("0/2", "users:2");

    assertThat(next(again.requests).resumeFrom()).contains(new Position("0/1"));
    next(again.acknowledged);
    assertThat(Files.readAllLines(file)).hasSize(2);
  }

  @Test
  void triesAgainUntilTheSourceThatHasFailedGoesOn() throws Exception {
    follower.add(source);
    source.deliver(new Completed(0, new Position("0/1")));
    source.fail(new SourceException("no such publication", null));
    next(source.requests);

    assertThat(next(source.requests).resumeFrom()).contains(new Position("0/1"));
  }

  @Test
  void bootstrapsOnceMoreWhenABootstrapHasFailed() throws Exception {
    follower.add(source);
    source.fail(new BootstrapException("its bundle was stopped", null));
    next(source.requests);

    SubscriptionRequest request = next(source.requests);
    assertThat(request.bootstrap()).isTrue();
    assertThat(request.resumeFrom()).isEmpty();
  }

  @Test
  void bootstrapsAgainWhereItsPositionIsGone() throws Exception {
    var position = new Position("0/1");
    follower.add(source);
    source.deliver("0/1", "users:1");
    next(source.acknowledged);
    source.fail(new PositionUnavailableException(position, new Position("0/9"), "it is gone"));
    next(source.requests);

    assertThat(next(source.requests).resumeFrom()).isEmpty();
  }

  @Test
  void endsWhileItWaitsForAnEvent() throws Exception {
    follower.add(source);
    next(source.requests);

    follower.stop();

    assertThat(threads()).isEmpty();
  }
}
