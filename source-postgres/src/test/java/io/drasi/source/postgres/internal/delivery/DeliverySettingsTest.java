package io.drasi.source.postgres.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.DispatchMode;
import io.drasi.source.postgres.internal.spill.SpillSpace;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliverySettingsTest {

  @ParameterizedTest
  @CsvSource({"PT0S, PT5S", "PT1S, PT1S", "PT4.999S, PT4.999S", "PT5S, PT5S", "PT1H, PT5S"})
  void aSubscriberIsWaitedForNoLongerAtATimeThanSomethingIsToBeDone(
      Duration subscriberTimeout, Duration patience) {
    var settings =
        new DeliverySettings(
            "source",
            DispatchMode.CHANNEL,
            1,
            Long.MAX_VALUE,
            subscriberTimeout,
            Duration.ofSeconds(5),
            new SpillSpace("source", Path.of("nowhere"), 0));
    assertThat(settings.patience()).isEqualTo(patience);
  }
}
