package io.drasi.source.postgres.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;

class TakerTest {
  private final Taker taker = new Taker();

  @Test
  void hasNothingToSayBeforeAnythingWasTaken() {
    assertThat(taker.describe()).isEmpty();
  }

  @Test
  void hasNothingToSayOfAThreadThatLives() {
    taker.note();
    taker.note();
    assertThat(taker.describe()).isEmpty();
  }

  @Test
  void namesAThreadThatHasEnded() throws Exception {
    takeOn("worker-1");
    assertThat(taker.describe()).isEqualTo(" (its thread worker-1 has ended)");
    takeOn("worker-2");
    assertThat(taker.describe()).isEqualTo(" (its thread worker-2 has ended)");
    taker.note();
    assertThat(taker.describe()).as("another goes on").isEmpty();
  }

  @Test
  void stillNamesItWhenItWasCollected() throws Exception {
    takeOn("worker-1");
    var gone = new WeakReference<>(new Object());
    while (gone.get() != null) {
      System.gc();
    }
    assertThat(taker.describe()).isEqualTo(" (its thread worker-1 has ended)");
  }

  private void takeOn(String name) throws InterruptedException {
    var thread = new Thread(taker::note, name);
    thread.start();
    thread.join();
  }
}
