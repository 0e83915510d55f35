package io.drasi.it;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.it.support.BundleUser;
import io.drasi.it.support.OsgiFramework;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.osgi.framework.Bundle;

/** What other bundles have of a source. */
@Timeout(60)
@ParameterizedClass
@EnumSource(OsgiFramework.Kind.class)
class OsgiViewsIT {
  @Parameter OsgiFramework.Kind kind;

  @TempDir Path folder;

  private TestDatabase database;
  private OsgiFramework framework;
  private Bundle bundle;
  private BundleUser user;

  @BeforeEach
  void start() throws Exception {
    database = TestDatabase.create(Servers.shared(Servers.newest()));
    database.run(
        "CREATE TABLE users (id int PRIMARY KEY)",
        "CREATE PUBLICATION drasi_publication FOR TABLE users");
    framework = OsgiFramework.start(kind, folder.resolve("framework"));
    framework.startAllBut();
    bundle = framework.bundle("io.drasi.sink.jsonl");
    user = new BundleUser(bundle);
  }

  @AfterEach
  void stop() throws Exception {
    framework.close();
    database.close();
  }

  private void configure(String id) throws Exception {
    Map<String, String> options = OsgiFramework.options(database, id);
    options.put("slot_name", database.slot() + "_" + id);
    framework.configure(OsgiFramework.SOURCE, id, options);
    framework.awaitStatus(id, "RUNNING");
  }

  @Test
  void aListenerIsToldOfAllSources() throws Exception {
    Queue<String> told = user.listen();

    configure("shop");
    configure("other");

    eventually(
        "it is told of both",
        Duration.ofSeconds(10),
        () -> told.contains("shop RUNNING") && told.contains("other RUNNING"));
    assertThat(told).startsWith("shop STARTING", "shop RUNNING");
  }

  @Test
  void nobodyClosesASourceButItsConfiguration() throws Exception {
    configure("shop");
    Object source = user.source("shop");

    assertThatThrownBy(() -> user.call("ManagedSource", source, "close"))
        .hasMessage("the source shop ends with its configuration; delete that");
    assertThat(framework.status("shop")).contains("RUNNING");
  }

  @Test
  void whatABundleHasOpenedIsClosedWhenItStops() throws Exception {
    configure("shop");
    Object source = user.source("shop");
    Object subscription = user.subscribe(source, "query");

    bundle.stop();

    assertThatThrownBy(() -> user.call("Subscription", subscription, "take"))
        .hasMessage("the subscription was closed");
    assertThatThrownBy(() -> user.subscribe(source, "query"))
        .hasMessage("the bundle io.drasi.sink.jsonl has let go of the source shop");
    assertThat(framework.status("shop")).contains("RUNNING");
  }
}
