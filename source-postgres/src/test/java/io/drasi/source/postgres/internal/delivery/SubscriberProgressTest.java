package io.drasi.source.postgres.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.drasi.postgres.protocol.message.Lsn;
import org.junit.jupiter.api.Test;

class SubscriberProgressTest {
  private final SubscriberProgress progress = new SubscriberProgress(lsn(10));

  private static Lsn lsn(long value) {
    return new Lsn(value);
  }

  @Test
  void startsWithNothingOutstanding() {
    assertThat(progress.offered()).isEqualTo(lsn(10));
    assertThat(progress.acknowledged()).isEqualTo(lsn(10));
    assertThat(progress.confirmable()).isEqualTo(lsn(10));
  }

  @Test
  void beginsElsewhereBeforeAnythingWasOffered() {
    progress.begin(lsn(30));
    assertThat(progress.offered()).isEqualTo(lsn(30));
    assertThat(progress.confirmable()).isEqualTo(lsn(30));
  }

  @Test
  void whatIsPassedOverIsConfirmableWhileNothingIsOutstanding() {
    progress.passOver(lsn(20));
    assertThat(progress.offered()).isEqualTo(lsn(20));
    assertThat(progress.confirmable()).isEqualTo(lsn(20));
    assertThat(progress.acknowledged()).isEqualTo(lsn(10));
  }

  @Test
  void whatIsQueuedHoldsTheConfirmedPositionUntilItIsAcknowledged() {
    progress.queue(lsn(20));
    progress.passOver(lsn(25));
    assertThat(progress.confirmable()).isEqualTo(lsn(10));
    progress.take(lsn(20));
    assertThat(progress.confirmable()).as("taken is not done").isEqualTo(lsn(10));
    progress.acknowledgeTaken();
    assertThat(progress.confirmable()).as("with what was passed over after it").isEqualTo(lsn(25));
  }

  @Test
  void aBootstrapIsOpenUntilItsEndIsTakenAndAcknowledgedThoughNothingCameMeanwhile() {
    progress.beginBootstrap();
    assertThat(progress.isBootstrapUntaken()).isTrue();
    progress.completeBootstrap(lsn(10));
    progress.acknowledge(lsn(10));
    assertThat(progress.isBootstrapUntaken()).as("the provider is done").isTrue();
    assertThat(progress.isBootstrapOpen()).isTrue();
    progress.takeBootstrap(1, lsn(10));
    assertThat(progress.isBootstrapUntaken()).isFalse();
    assertThat(progress.isBootstrapOpen()).as("taken is not done").isTrue();
    progress.acknowledge(lsn(10));
    assertThat(progress.isBootstrapOpen()).isFalse();
    progress.beginBootstrap();
    assertThat(progress.isBootstrapOpen()).as("once more").isTrue();
    progress.completeBootstrap(lsn(10));
    progress.takeBootstrap(1, lsn(10));
    assertThat(progress.isBootstrapUntaken()).as("that was the first one's end").isTrue();
  }

  @Test
  void acknowledgesUpToWhatWasTakenAndNoFurther() {
    progress.queue(lsn(20));
    progress.queue(lsn(30));
    progress.take(lsn(20));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> progress.acknowledge(lsn(30)))
        .withMessage("cannot acknowledge 0/1E: taken so far is 0/14");
    progress.acknowledge(lsn(20));
    assertThat(progress.confirmable()).isEqualTo(lsn(20));
  }

  @Test
  void nothingIsConfirmableDuringABootstrap() {
    progress.beginBootstrap();
    assertThat(progress.isBootstrapUntaken()).isTrue();
    progress.passOver(lsn(20));
    progress.queue(lsn(30));
    assertThat(progress.offered()).isEqualTo(lsn(30));
    assertThat(progress.confirmable()).isEqualTo(lsn(10));
  }

  @Test
  void aBootstrapIsOutstandingUntilItIsAcknowledged() {
    progress.beginBootstrap();
    progress.passOver(lsn(20));
    progress.completeBootstrap(lsn(30));
    assertThat(progress.offered()).as("what it has need not come").isEqualTo(lsn(30));
    assertThat(progress.confirmable()).isEqualTo(lsn(10));
    progress.takeBootstrap(1, lsn(30));
    assertThat(progress.confirmable()).isEqualTo(lsn(10));
    progress.acknowledge(lsn(30));
    assertThat(progress.confirmable()).isEqualTo(lsn(30));
  }

  @Test
  void whatCameDuringABootstrapStaysOutstandingBehindIt() {
    progress.beginBootstrap();
    progress.queue(lsn(20));
    progress.queue(lsn(40));
    progress.completeBootstrap(lsn(30));
    assertThat(progress.offered()).isEqualTo(lsn(40));
    progress.take(lsn(30));
    progress.acknowledgeTaken();
    assertThat(progress.confirmable()).isEqualTo(lsn(30));
    progress.take(lsn(40));
    progress.acknowledgeTaken();
    assertThat(progress.confirmable()).isEqualTo(lsn(40));
  }

  @Test
  void aBootstrapOfWhereItStartsLeavesNothingOutstanding() {
    progress.beginBootstrap();
    progress.passOver(lsn(20));
    progress.completeBootstrap(lsn(10));
    assertThat(progress.confirmable()).isEqualTo(lsn(20));
  }

  @Test
  void neverGoesBackwards() {
    progress.queue(lsn(20));
    progress.take(lsn(20));
    progress.acknowledge(lsn(20));
    progress.acknowledge(lsn(15));
    progress.take(lsn(12));
    progress.passOver(lsn(11));
    progress.queue(lsn(12));
    assertThat(progress.acknowledged()).isEqualTo(lsn(20));
    assertThat(progress.offered()).isEqualTo(lsn(20));
    assertThat(progress.confirmable()).isEqualTo(lsn(20));
  }

  @Test
  void anEventTakenBeforeItIsMarkedAsQueuedIsNotOutstandingAfterwards() {
    progress.take(lsn(20));
    progress.acknowledgeTaken();
    assertThat(progress.confirmable()).isEqualTo(lsn(20));
    progress.queue(lsn(20));
    assertThat(progress.confirmable()).isEqualTo(lsn(20));
  }

  @Test
  void comparesLsnsUnsigned() {
    var high = new SubscriberProgress(lsn(Long.MAX_VALUE));
    high.passOver(lsn(Long.MIN_VALUE));
    assertThat(high.offered()).isEqualTo(lsn(Long.MIN_VALUE));
  }
}
