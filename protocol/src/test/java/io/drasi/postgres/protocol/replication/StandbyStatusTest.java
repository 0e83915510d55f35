package io.drasi.postgres.protocol.replication;

import static io.drasi.postgres.protocol.support.ServerMessages.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.postgres.protocol.message.Lsn;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StandbyStatusTest {
  @Test
  void writesItsComponentsInWireOrder() {
    var status =
        new StandbyStatus(
            Lsn.parse("1/2"),
            Lsn.parse("FFFFFFFF/FFFFFFFE"),
            Lsn.NONE,
            Instant.parse("2000-01-01T00:00:01.000002999Z"),
            true);

    assertThat(status.encode())
        .isEqualTo(
            hex("72 0000000100000002 FFFFFFFFFFFFFFFE 0000000000000000 00000000000F4242" + " 01"));
  }

  @Test
  void asksForNoReplyUnlessTold() {
    var status =
        new StandbyStatus(
            Lsn.NONE, Lsn.NONE, Lsn.NONE, Instant.parse("1999-12-31T23:59:59.999999Z"), false);

    assertThat(status.encode()).hasSize(34).endsWith(hex("FFFFFFFFFFFFFFFF 00"));
  }
}
