package io.drasi.bootstrap.noop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.bootstrap.BootstrapContext;
import io.drasi.api.bootstrap.BootstrapProviderFactory;
import io.drasi.api.bootstrap.BootstrapRequest;
import io.drasi.api.config.ConfigurationException;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NoopBootstrapProviderTest {

  @Test
  void isFoundByItsKind() {
    assertThat(ServiceLoader.load(BootstrapProviderFactory.class))
        .extracting(BootstrapProviderFactory::kind)
        .containsExactly("noop");
  }

  @Test
  void loadsNothing() throws InterruptedException {
    var provider = factory().create(BootstrapContext.of(Map.of(), Map.of("host", "db")));

    var result =
        provider.bootstrap(
            BootstrapRequest.of("source", "subscriber", Set.of(), Set.of()),
            batch -> {
              throw new AssertionError("got " + batch);
            });

    assertThat(result.count()).isZero();
    assertThat(result.position()).isEmpty();
  }

  @Test
  void takesNoOptions() {
    var context = BootstrapContext.of(Map.of("file", "a.jsonl"), Map.of());

    assertThatThrownBy(() -> factory().create(context))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("file: is not an option; there are none");
  }

  private static BootstrapProviderFactory factory() {
    return ServiceLoader.load(BootstrapProviderFactory.class).findFirst().orElseThrow();
  }
}
