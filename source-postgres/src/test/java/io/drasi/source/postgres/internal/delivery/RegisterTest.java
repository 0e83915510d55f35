package io.drasi.source.postgres.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.drasi.api.bootstrap.BootstrapResult;
import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.DispatchMode;
import io.drasi.api.source.PositionUnavailableException;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.replication.SlotName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegisterTest {
  private static final SlotName SLOT = new SlotName("drasi_slot");

  @TempDir Path folder;

  private Register register() {
    return Register.in(folder, "my source", SLOT);
  }

  private List<Path> files() throws Exception {
    try (var files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void anIdIsThereForTheNextProcess() throws Exception {
    assertThat(register().ids()).isEmpty();
    register().add("query/1\nÄ");
    register().add("b");
    assertThat(register().ids()).containsExactlyInAnyOrder("query/1\nÄ", "b");
    assertThat(Register.in(folder, "other", SLOT).ids()).isEmpty();
    register().remove("b");
    assertThat(register().ids()).containsExactly("query/1\nÄ");
    assertThat(files()).as("nothing else is left").hasSize(1);
  }

  @Test
  void whenAllIdsAreRemovedThereIsNone() throws Exception {
    register().add("a");
    register().remove("a");
    assertThat(register().ids()).isEmpty();
    register().add("b");
    register().clear();
    assertThat(register().ids()).isEmpty();
  }

  @Test
  void anInterruptedThreadMayComeAndGo() throws Exception {
    Thread.currentThread().interrupt();
    register().add("a");
    register().add("b");
    register().remove("b");
    assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
    assertThat(register().ids()).containsExactly("a");
  }

  @Test
  void whatCannotBeWrittenIsNotNoted() throws Exception {
    Path removed = Files.createDirectory(folder.resolve("removed"));
    Register register = Register.in(removed, "src", SLOT);
    Files.delete(removed);
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> register.add("a"))
        .withMessageStartingWith("the subscriber a cannot be noted in");
    assertThat(register.ids()).isEmpty();
  }

  @Test
  void aFolderThatIsNotThereIsNotTakenForNobody() {
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> Register.in(folder.resolve("missing"), "src", SLOT))
        .withMessageContaining("is no folder");
  }

  @Test
  void refusesAFileThatIsSomethingElse() throws Exception {
    Files.writeString(folder.resolve("src.subscribers"), "hello\n");
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> Register.in(folder, "src", SLOT))
        .withMessageContaining("is no list of subscribers");
  }

  @Test
  void theNextProcessKnowsThatTheSlotWasUsed() throws Exception {
    assertThat(hub().isSlotUsed()).isFalse();
    hub().subscribe(manual("a"));
    assertThat(hub().isSlotUsed()).as("subscribed, not streamed").isFalse();
    Changes.begin(hub(), Changes.at(10));
    assertThat(hub().isSlotUsed()).isTrue();
    assertThat(register().ids()).containsExactly("a");
    assertThat(Register.in(folder, "my source", new SlotName("another")).isSlotUsed()).isFalse();
  }

  @Test
  void aSlotThatIsLostOrGivenUpIsNotMissedAgain() throws Exception {
    SubscriptionHub losing = hub();
    Changes.begin(losing, Changes.at(10));
    losing.lose("gone");
    assertThat(hub().isSlotUsed()).isFalse();
    Changes.begin(losing, Changes.at(20));
    assertThat(hub().isSlotUsed()).isTrue();
    losing.reset("deprovisioned");
    assertThat(hub().isSlotUsed()).isFalse();
  }

  @Test
  void whatAnotherSlotKeptIsMissing() throws Exception {
    SubscriptionHub before = hub();
    before.subscribe(manual("a"));
    Changes.begin(before, Changes.at(10));
    Register other = Register.in(folder, "my source", new SlotName("another"));
    assertThat(other.isSlotUsed()).isFalse();
    assertThat(other.isBehind("a")).isTrue();
  }

  @Test
  void whoHasMissedChangesIsCurrentOnlyOnceItHasAcknowledgedItsBootstrap() throws Exception {
    SubscriptionHub before = hub();
    before.subscribe(manual("a"));
    Changes.begin(before, Changes.at(10));
    before.lose("gone");

    SubscriptionHub after = hub();
    HubSubscription back =
        after.subscribe(
            SubscriptionRequest.builder("a")
                .withAcknowledgement(Acknowledgement.MANUAL)
                .withBootstrap(true)
                .build());
    Changes.begin(after, Changes.at(20));
    BootstrapFeed feed = back.bootstrap((who, idle) -> {});
    feed.begin();
    feed.complete(BootstrapResult.of(0, Changes.at(20)));
    assertThat(back.take()).isInstanceOf(SourceEvent.BootstrapStarted.class);
    var completed = (SourceEvent.BootstrapCompleted) back.take();
    assertThat(register().isBehind("a")).as("delivered, not done").isTrue();
    back.acknowledge(completed.position());
    assertThat(register().isBehind("a")).isFalse();
  }

  private static SubscriptionRequest resuming(String id, long lsn) {
    return SubscriptionRequest.builder(id)
        .withAcknowledgement(Acknowledgement.MANUAL)
        .withResumeFrom(Changes.at(lsn))
        .build();
  }

  @Test
  void whoHasMissedChangesIsCurrentOnlyOnceItsPositionIsFoundGood() throws Exception {
    SubscriptionHub before = hub();
    before.subscribe(manual("a"));
    Changes.begin(before, Changes.at(10));
    before.lose("gone");

    SubscriptionHub refusing = hub();
    Subscription early = refusing.subscribe(resuming("a", 5));
    assertThat(register().isBehind("a")).as("not asked yet").isTrue();
    Changes.begin(refusing, Changes.at(20));
    assertThatExceptionOfType(PositionUnavailableException.class)
        .isThrownBy(() -> early.poll(Duration.ZERO));
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> refusing.subscribe(manual("a")))
        .withMessageContaining("the replication slot was lost while a was away");
    assertThat(register().isBehind("a")).as("refused").isTrue();

    refusing.subscribe(resuming("a", 20)).close();
    refusing.subscribe(manual("a"));
    assertThat(register().isBehind("a")).isFalse();
  }

  private SubscriptionHub hub() {
    return new SubscriptionHub(
        Changes.settings(DispatchMode.CHANNEL, 10),
        register(),
        Clock.systemUTC(),
        Changes.NO_LISTENER);
  }

  private static SubscriptionRequest manual(String id) {
    return SubscriptionRequest.builder(id).withAcknowledgement(Acknowledgement.MANUAL).build();
  }

  @Test
  void theSlotWaitsAfterARestartForWhoHasNotComeBackYet() throws Exception {
    SubscriptionHub before = hub();
    before.subscribe(manual("slow"));
    before.subscribe(manual("quick"));
    Changes.begin(before, Changes.at(10));

    SubscriptionHub after = hub();
    Subscription quick = after.subscribe(manual("quick"));
    HubSession session = Changes.begin(after, Changes.at(10));
    session.dispatch(Changes.received(Changes.transaction(20)));
    quick.acknowledge(((SourceEvent.Transaction) quick.take()).position());
    assertThat(after.confirmed()).isEqualTo(new Lsn(10));
    after.forget("slow");
    assertThat(after.confirmed()).isEqualTo(new Lsn(20));
    assertThat(register().ids()).containsExactly("quick");
  }

  @Test
  void whoAcknowledgesAutomaticallyNowIsNotWaitedForAnyMore() throws Exception {
    SubscriptionHub before = hub();
    before.subscribe(manual("a"));
    assertThat(register().ids()).containsExactly("a");
    SubscriptionHub after = hub();
    after.subscribe(SubscriptionRequest.of("a"));
    assertThat(register().ids()).isEmpty();
  }
}
