package io.drasi.embedded.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ServerFilesTest {
  @Test
  void writesEverySettingQuotedOnItsOwnLine() {
    var settings = new TreeMap<>(Map.of("wal_level", "logical", "max_wal_senders", "5"));

    assertThat(ServerFiles.postgresqlConf(settings))
        .isEqualTo("max_wal_senders = '5'\nwal_level = 'logical'\n");
  }

  @Test
  void keepsQuotesAndBackslashesOfASettingFromBeingRead() {
    assertThat(ServerFiles.postgresqlConf(Map.of("application_name", "it's \\ odd")))
        .isEqualTo("application_name = 'it''s \\\\ odd'\n");
  }

  @Test
  void writesAccessRulesInTheirOrder() {
    assertThat(
            ServerFiles.pgHbaConf(
                List.of("hostssl all app all scram-sha-256", "host all all all reject")))
        .isEqualTo("hostssl all app all scram-sha-256\nhost all all all reject\n");
  }

  @Test
  void asksEveryoneForAPasswordByScramByDefault() {
    assertThat(ServerFiles.DEFAULT_HBA).isNotEmpty().allMatch(l -> l.endsWith(" scram-sha-256"));
    assertThat(ServerFiles.DEFAULT_SETTINGS)
        .containsEntry("password_encryption", "scram-sha-256")
        .containsEntry("listen_addresses", "127.0.0.1");
  }
}
