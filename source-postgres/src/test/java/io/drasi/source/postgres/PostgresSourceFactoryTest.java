package io.drasi.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.bootstrap.BootstrapContext;
import io.drasi.api.config.ConfigurationException;
import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.source.postgres.testing.ListedProvider;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sources made from options, with a bootstrap provider or without. */
class PostgresSourceFactoryTest {
  private static final PostgresSourceFactory FACTORY = new PostgresSourceFactory();

  private static Map<String, Object> options(Object... more) {
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("id", "src");
    options.put("database", "shop");
    options.put("user", "drasi");
    options.put("password", "hunter2");
    for (int i = 0; i < more.length; i += 2) {
      options.put((String) more[i], more[i + 1]);
    }
    return options;
  }

  private static SubscriptionRequest.Builder fresh() {
    return SubscriptionRequest.builder("fresh").withBootstrap(true);
  }

  static Stream<Map<String, Object>> providers() {
    return Stream.of(
        options("bootstrap_provider", Map.of("kind", "listed", "count", "${COUNT:-3}")),
        options("bootstrapProvider", Map.of("kind", "listed", "count", "${COUNT:-3}")),
        options("bootstrap_provider.kind", "listed", "bootstrap_provider.count", "${COUNT:-3}"));
  }

  @ParameterizedTest
  @MethodSource("providers")
  void makesTheProviderOfTheKindFromItsOptionsAndTheSources(Map<String, Object> options) {
    ListedProvider.MADE.clear();
    try (ManagedSource source = FACTORY.create(options);
        Subscription fresh = source.subscribe(fresh().build())) {
      assertThat(fresh.subscriberId()).isEqualTo("fresh");
    }
    assertThat(ListedProvider.MADE).hasSize(1);
    BootstrapContext made = ListedProvider.MADE.get(0);
    assertThat(made.options()).isEqualTo(Map.of("count", "${COUNT:-3}"));
    assertThat(made.sourceOptions()).isEqualTo(options);
    assertThat(made.toString()).doesNotContain("hunter2");
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of(
            options("bootstrap_provider", Map.of("kind", "nosuch")),
            List.of(
                "bootstrap_provider.kind: \"nosuch\" is not allowed; allowed is what is installed:"
                    + " [listed]")),
        Arguments.of(
            options("bootstrap_provider", Map.of("kind", "listed", "count", 10, "typo", 1)),
            List.of(
                "bootstrap_provider.count: \"10\" is not allowed; allowed is a whole number from 0"
                    + " to 9",
                "bootstrap_provider.typo: is not an option; options are count")),
        Arguments.of(
            options("bootstrap_provider", Map.of("count", 1)),
            List.of(
                "bootstrap_provider.kind: is missing; it says which bootstrap provider, for example"
                    + " postgres")),
        Arguments.of(
            options("bootstrap_provider.kind", " ", "port", 0),
            List.of(
                "port: \"0\" is not allowed; allowed is a whole number from 1 to 65535",
                "bootstrap_provider.kind: is missing; it says which bootstrap provider, for example"
                    + " postgres")),
        Arguments.of(
            options("bootstrap_provider", "listed"),
            List.of(
                "bootstrap_provider: \"listed\" is not allowed; allowed is a group of options")),
        Arguments.of(
            options(
                "bootstrap_provider", Map.of("kind", "listed"), "bootstrapProvider.kind", "other"),
            List.of("bootstrap_provider.kind: is given twice")));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void namesEveryMistakeByItsPath(Map<String, Object> options, List<String> problems) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> FACTORY.create(options))
        .satisfies(e -> assertThat(e.problems()).isEqualTo(problems));
  }

  @Test
  void printsTheNamesOfAProvidersOptionsButNoValues() {
    PostgresSourceConfig config =
        PostgresSourceConfig.parse(
            options("bootstrap_provider", Map.of("kind", "listed", "password", "hunter3")));
    assertThat(config.toString())
        .contains("BootstrapProviderConfig[kind=listed, options=[password]]")
        .doesNotContain("hunter");
  }

  @Test
  void withoutProviderABootstrapIsRefusedAndNobodyIsSubscribed() {
    try (ManagedSource source = FACTORY.create(options())) {
      assertThatThrownBy(() -> source.subscribe(fresh().build()))
          .isExactlyInstanceOf(SourceException.class)
          .hasMessage(
              "the subscriber fresh wants a bootstrap, but the source src has no bootstrap provider:"
                  + " set bootstrap_provider, or call withBootstrapProvider");
      assertThat(source.metrics().subscriptions()).isZero();
    }
  }

  @Test
  void whoResumesNeedsNoProvider() {
    try (ManagedSource source = FACTORY.create(options());
        Subscription back =
            source.subscribe(fresh().withResumeFrom(PostgresPosition.parse("7-1-0/A")).build())) {
      assertThat(back.subscriberId()).isEqualTo("fresh");
    }
  }
}
