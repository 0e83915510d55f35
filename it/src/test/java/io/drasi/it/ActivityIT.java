package io.drasi.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.it.support.Eventually;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import io.drasi.postgres.protocol.Activity;
import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import io.drasi.postgres.protocol.auth.Password;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What is seen of a server process that others wait for. */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class ActivityIT {
  @Parameter String version;

  private static Session connect(TestDatabase database, SessionMode mode) throws Exception {
    return Connector.create()
        .connect(
            ConnectionConfig.builder()
                .withHost(database.server().host())
                .withPort(database.server().port())
                .withDatabase(database.name())
                .withUser(TestDatabase.ROLE)
                .withPassword(Password.of(TestDatabase.PASSWORD))
                .build(),
            mode);
  }

  @Test
  void aProcessIsTakenForIdleOnlyWhereTheServerSaysSo() throws Exception {
    try (var database = TestDatabase.create(Servers.shared(version));
        Session asked = connect(database, SessionMode.QUERY);
        Session told = connect(database, SessionMode.REPLICATION)) {
      assertThat(Activity.of(pid(asked), asked)).isEqualTo(Activity.AT_WORK);
      eventuallyIdle(told, asked);
      told.query("BEGIN");
      eventuallyIdle(told, asked);
      database.run("ALTER DATABASE %s SET track_activities = off".formatted(database.name()));
      Session untold = connect(database, SessionMode.REPLICATION);
      try (untold) {
        assertThat(Activity.of(pid(untold), asked)).isEqualTo(Activity.AT_WORK);
      }
      eventuallyIdle(untold, asked);
    }
  }

  private static int pid(Session session) {
    return session.processId().orElseThrow();
  }

  private static void eventuallyIdle(Session session, Session asked) throws Exception {
    Eventually.eventually(
        "it is idle",
        Duration.ofSeconds(5),
        () -> Activity.of(pid(session), asked) == Activity.IDLE);
  }
}
