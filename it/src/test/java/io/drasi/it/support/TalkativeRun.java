package io.drasi.it.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.drasi.api.config.ConfigurationException;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.bootstrap.postgres.PostgresBootstrapProvider;
import io.drasi.source.postgres.PostgresReplicationSource;
import io.drasi.source.postgres.PostgresSourceConfig;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that prints all there is to print of a source: its log at trace, its configuration, its
 * status, every exception with its causes, its metrics, and the names of all threads. Options come
 * as properties on standard input.
 */
public final class TalkativeRun {
  private static final Logger log = LoggerFactory.getLogger(TalkativeRun.class);

  private TalkativeRun() {}

  /** Runs it, until the source has streamed one transaction or has an error. */
  public static void main(String[] args) throws Exception {
    Map<String, Object> options = read();
    try {
      PostgresSourceConfig config = PostgresSourceConfig.parse(options);
      System.out.println(config);
      System.out.println(config.connection());
      System.out.println(config.connection().password() + " " + config.connection().tls());
      run(options, config);
    } catch (ConfigurationException e) {
      log.error("it failed", e);
    }
    Thread.getAllStackTraces().keySet().forEach(System.out::println);
    System.out.println("END");
  }

  private static Map<String, Object> read() throws IOException {
    var properties = new Properties();
    properties.load(new InputStreamReader(System.in, UTF_8));
    Map<String, Object> options = new LinkedHashMap<>();
    properties.forEach((key, value) -> options.put(key.toString(), value));
    return options;
  }

  private static void run(Map<String, Object> options, PostgresSourceConfig config)
      throws Exception {
    PostgresBootstrapProvider provider =
        PostgresBootstrapProvider.builder()
            .withConnection(
                connection ->
                    connection
                        .withHost(config.connection().address())
                        .withDatabase(config.connection().database())
                        .withUser(config.connection().user())
                        .withPasswordFrom(config.connection().password())
                        .withSslMode(config.connection().sslMode())
                        .withTrustedAuthorities(config.connection().tls().authorities()))
            .build();
    System.out.println(provider + " " + options.keySet());
    try (PostgresReplicationSource source = PostgresReplicationSource.create(config, provider)) {
      source.addStatusListener((changed, status) -> System.out.println(status));
      Subscription subscription =
          source.subscribe(SubscriptionRequest.builder("one").withBootstrap(true).build());
      source.start();
      boolean done = false;
      while (!done) {
        done =
            subscription.poll(Duration.ofMillis(100)).map(TalkativeRun::isLast).orElse(false)
                || source.status().state() == SourceState.FAILED
                || source.status().state() == SourceState.RECONNECTING;
      }
      System.out.println(source.status() + " " + source.metrics() + " " + subscription);
      source.status().error().ifPresent(error -> log.error("it failed", error));
    } catch (RuntimeException e) {
      log.error("it failed", e);
    }
  }

  private static boolean isLast(SourceEvent event) {
    System.out.println(event);
    return event instanceof SourceEvent.BootstrapCompleted;
  }
}
