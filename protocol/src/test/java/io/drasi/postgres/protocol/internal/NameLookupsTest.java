package io.drasi.postgres.protocol.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.postgres.protocol.ConnectionException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class NameLookupsTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final InetAddress address = InetAddress.getLoopbackAddress();
  private final AtomicInteger asked = new AtomicInteger();
  private final CountDownLatch answer = new CountDownLatch(1);

  /** Look-ups by a resolver that waits until it may answer. */
  private final NameLookups slow =
      new NameLookups(
          host -> {
            asked.incrementAndGet();
            awaitAnswer();
            return new InetAddress[] {address};
          });

  private void awaitAnswer() throws UnknownHostException {
    try {
      answer.await();
    } catch (InterruptedException e) {
      throw new UnknownHostException("interrupted");
    }
  }

  @Test
  void asksAnewEachTime() throws Exception {
    answer.countDown();
    for (int i = 1; i <= 3; i++) {
      assertThat(slow.addresses("db.example.com", LONG, new GiveUp())).containsExactly(address);
      assertThat(asked).hasValue(i);
    }
  }

  @Test
  void saysThatANameIsUnknown() {
    var lookups =
        new NameLookups(
            host -> {
              throw new UnknownHostException(host);
            });
    for (String host : List.of("db.example.com", "999.1.1.1")) {
      assertThatThrownBy(() -> lookups.addresses(host, LONG, new GiveUp()))
          .isInstanceOf(ConnectionException.class)
          .hasMessage("the host name %s cannot be resolved; check the option host".formatted(host))
          .hasRootCauseInstanceOf(UnknownHostException.class);
    }
  }

  @Test
  void waitsNoLongerThanTheTimeoutAndAsksNotTwiceAtATime() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> slow.addresses("db.example.com", SHORT, new GiveUp()))
          .isInstanceOf(ConnectionException.class)
          .hasMessage(
              "the host name db.example.com was not resolved within 50 ms (connect_timeout); check the option host, and this machine's name servers");
    }
    assertThat(asked).hasValue(1);
    answer.countDown();
    assertThat(slow.addresses("db.example.com", LONG, new GiveUp())).containsExactly(address);
  }

  @Test
  void canBeGivenUp() {
    var before = new GiveUp();
    before.run();
    assertThatThrownBy(() -> slow.addresses("db.example.com", LONG, before))
        .isInstanceOf(ConnectionException.class)
        .hasMessage("the look-up of the host name db.example.com was given up");

    var meanwhile = new GiveUp();
    var other = new Thread(meanwhile);
    other.start();
    assertThatThrownBy(() -> slow.addresses("db.example.com", LONG, meanwhile))
        .hasMessage("the look-up of the host name db.example.com was given up");
    answer.countDown();
  }

  @Test
  void askNobodyAboutAnAddress() throws Exception {
    var asker = Thread.currentThread();
    var lookups =
        new NameLookups(
            host -> {
              assertThat(Thread.currentThread()).isSameAs(asker);
              return InetAddress.getAllByName(host);
            });
    for (String host : List.of("127.0.0.1", "::1", "fe80::1%1")) {
      assertThat(lookups.addresses(host, LONG, new GiveUp())).hasSize(1);
    }
  }
}
