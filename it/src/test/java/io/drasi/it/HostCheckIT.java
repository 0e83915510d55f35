package io.drasi.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drasi.it.support.HostProcess;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command looks before a source is started; CheckIT has what it finds. */
class HostCheckIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private TestDatabase database;
  private String configuration;

  @BeforeEach
  void createDatabase() throws Exception {
    database = TestDatabase.create(Servers.shared(Servers.newest()));
    database.run(
        "CREATE TABLE users (id int PRIMARY KEY, name text)",
        "CREATE TABLE orders (id int PRIMARY KEY)",
        "CREATE PUBLICATION drasi_publication FOR TABLE users");
    Map<String, String> options = new HashMap<>(database.options());
    options.put("tables", "users, orders");
    options.put("bootstrap_provider.kind", "postgres");
    configuration = HostProcess.configuration(folder, options).toString();
  }

  @AfterEach
  void dropDatabase() throws Exception {
    database.close();
  }

  @Test
  void theScriptOfTheCheckMendsTheSetup() throws Exception {
    try (var check = HostProcess.start(folder, "check", configuration)) {
      assertThat(check.exitCode()).as(check.errors()).isEqualTo(1);
      assertThat(check.lines())
          .anyMatch(line -> line.startsWith("ok       wal_level: "))
          .anyMatch(
              line -> line.startsWith("problem  publication: ") && line.contains("public.orders"));
      assertThat(check.errors()).startsWith("postgres-source: ").contains(" problem");
      assertThat(check.errors() + check.output()).doesNotContain(TestDatabase.PASSWORD, "\tat ");
    }

    try (var fix = HostProcess.start(folder, "check", "--fix", configuration)) {
      assertThat(fix.exitCode()).isEqualTo(1);
      assertThat(fix.output()).contains("ALTER PUBLICATION", "GRANT SELECT");
      database.run(fix.output());
    }

    try (var again = HostProcess.start(folder, "check", "--json", configuration)) {
      assertThat(again.exitCode()).as(again.output()).isZero();
      for (String line : again.lines()) {
        JsonNode finding = JSON.readTree(line);
        assertThat(finding.path("source_id").asText()).isEqualTo("postgres-source");
        assertThat(finding.path("level").asText()).as(line).isIn("ok", "warning");
        assertThat(finding.path("sql").isArray()).isTrue();
      }
      assertThat(again.lines()).hasSizeGreaterThan(10);
    }
    assertThat(
            database.ask(
                "SELECT count(*) FROM pg_replication_slots WHERE database = current_database()"))
        .as("it changes nothing")
        .isEqualTo("0");
  }
}
