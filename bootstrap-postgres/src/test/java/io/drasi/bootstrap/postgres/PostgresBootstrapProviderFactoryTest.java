package io.drasi.bootstrap.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.bootstrap.BootstrapContext;
import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.bootstrap.BootstrapProvider;
import io.drasi.api.bootstrap.BootstrapProviderFactory;
import io.drasi.api.bootstrap.BootstrapRequest;
import io.drasi.api.config.ConfigurationException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PostgresBootstrapProviderFactoryTest {
  private static BootstrapProvider create(Map<String, ?> options, Map<String, ?> sourceOptions) {
    return factory().create(BootstrapContext.of(options, sourceOptions));
  }

  private static BootstrapProviderFactory factory() {
    return ServiceLoader.load(BootstrapProviderFactory.class).findFirst().orElseThrow();
  }

  @Test
  void isFoundByItsKind() {
    assertThat(ServiceLoader.load(BootstrapProviderFactory.class))
        .extracting(BootstrapProviderFactory::kind)
        .containsExactly("postgres");
  }

  @Test
  void inheritsWhatIsNotSetFromTheSourceAndIgnoresTheSourcesOtherOptions() {
    var provider =
        create(
            Map.of("host", "replica", "batch_size", 10),
            Map.of(
                "id",
                "shop",
                "host",
                "primary",
                "port",
                5433,
                "database",
                "db",
                "user",
                "me",
                "publicationName",
                "pub",
                "slot_name",
                "s",
                "batch_size",
                "not ours"));
    assertThat(provider).hasToString("PostgresBootstrapProvider[pub of replica:5433/db]");
  }

  @Test
  void anOwnOptionTakesTheSourcesPlaceHoweverEitherIsWritten() {
    var provider =
        create(
            Map.of("publicationName", "own"),
            Map.of("publication_name", "source", "database", "db", "user", "me"));
    assertThat(provider).hasToString("PostgresBootstrapProvider[own of localhost:5432/db]");
  }

  @Test
  void namesEveryMistake() {
    assertThatThrownBy(
            () ->
                create(
                    Map.of(
                        "slot_name",
                        "s",
                        "batch_size",
                        0,
                        "parallelism",
                        65,
                        "table_keys",
                        List.of(Map.of("table", "users"))),
                    Map.of("port", "many")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("slot_name: is not an option")
        .hasMessageContaining("batch_size: \"0\" is not allowed; allowed is a whole number from 1")
        .hasMessageContaining(
            "parallelism: \"65\" is not allowed; allowed is a whole number from 1")
        .hasMessageContaining("table_keys[0].key_columns: is missing")
        .hasMessageContaining("database: is missing")
        .hasMessageContaining("user: is missing")
        .hasMessageContaining("port: \"many\" is not allowed");
  }

  @Test
  void refusesWhatIsOutOfBoundsHoweverItIsConfigured() {
    var builder = PostgresBootstrapProvider.builder().withDatabase("db").withUser("me");
    assertThatThrownBy(() -> builder.withParallelism(65).build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("parallelism must be from 1 to 64, was 65");
    assertThatThrownBy(() -> builder.withParallelism(64).withBatchSize(0).build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("batchSize must be from 1 to 100000, was 0");
  }

  @Test
  void showsNoPassword() {
    var provider = create(Map.of("password", "s3cret"), Map.of("database", "db", "user", "me"));
    assertThat(provider.toString()).doesNotContain("s3cret");
  }

  @Test
  void connectsToNothingBeforeABootstrapAndSaysThenWhatIsWrong() {
    var provider =
        create(Map.of(), Map.of("host", "127.0.0.1", "port", 1, "database", "db", "user", "me"));
    assertThatThrownBy(
            () ->
                provider.bootstrap(
                    BootstrapRequest.of("shop", "query", Set.of(), Set.of()), batch -> {}))
        .isInstanceOf(BootstrapException.class)
        .hasMessageContaining("no connection to 127.0.0.1:1");
  }

  @Test
  void anInterruptEndsTheWaitForAServerThatDoesNotAnswer() throws Exception {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var provider =
          create(
              Map.of(),
              Map.of(
                  "host",
                  silent.getInetAddress().getHostAddress(),
                  "port",
                  silent.getLocalPort(),
                  "database",
                  "db",
                  "user",
                  "me"));
      var request = BootstrapRequest.of("silent", "query", Set.of(), Set.of());
      var loading = new FutureTask<>(() -> provider.bootstrap(request, batch -> {}));
      var thread = new Thread(loading, "loading");
      thread.setDaemon(true);
      thread.start();
      try (Socket connection = silent.accept()) {
        connection.getInputStream().readNBytes(8);
        thread.interrupt();
        assertThatThrownBy(() -> loading.get(20, TimeUnit.SECONDS))
            .hasCauseInstanceOf(InterruptedException.class);
        assertThat(Thread.getAllStackTraces().keySet())
            .extracting(Thread::getName)
            .noneMatch(name -> name.startsWith("silent-bootstrap"));
      }
    }
  }
}
