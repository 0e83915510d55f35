package io.drasi.api.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionRequestTest {

  @Test
  void asksForEverythingAcknowledgedAutomaticallyUnlessTold() {
    var request = SubscriptionRequest.of("query-1");

    assertThat(request.subscriberId()).isEqualTo("query-1");
    assertThat(request.nodeLabels()).isEmpty();
    assertThat(request.relationLabels()).isEmpty();
    assertThat(request.acknowledgement()).isEqualTo(Acknowledgement.AUTO);
    assertThat(request.bootstrap()).isFalse();
    assertThat(request.resumeFrom()).isEmpty();
  }

  @Test
  void holdsWhatItWasBuiltWith() {
    var request =
        SubscriptionRequest.builder("query-1")
            .withNodeLabels(Set.of("users"))
            .withRelationLabels(Set.of("knows"))
            .withAcknowledgement(Acknowledgement.MANUAL)
            .withBootstrap(true)
            .withResumeFrom(new Place(7))
            .build();

    assertThat(request.bootstrap()).isTrue();
    assertThat(request.resumeFrom()).contains(new Place(7));
    assertThat(request.nodeLabels()).containsExactly("users");
    assertThat(request.relationLabels()).containsExactly("knows");
    assertThat(request.acknowledgement()).isEqualTo(Acknowledgement.MANUAL);
  }

  @Test
  void doesNotFollowWhatItWasBuiltFrom() {
    var labels = new HashSet<>(Set.of("users"));
    var builder = SubscriptionRequest.builder("query-1").withNodeLabels(labels);
    var request = builder.build();

    labels.add("orders");
    builder.withNodeLabels(Set.of("other"));

    assertThat(request.nodeLabels()).containsExactly("users");
    assertThatThrownBy(() -> request.nodeLabels().add("x"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void aSubscriberThatHasStoredNoPositionYetResumesFromNone() {
    var request =
        SubscriptionRequest.builder("query-1")
            .withResumeFrom(new Place(7))
            .withResumeFrom(null)
            .build();

    assertThat(request.resumeFrom()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t"})
  void refusesABlankSubscriberId(String id) {
    assertThatThrownBy(() -> SubscriptionRequest.of(id))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("subscriberId must not be blank");
  }
}
