package io.drasi.sink.jsonl.internal.osgi;

import io.drasi.api.config.ConfigurationException;
import io.drasi.api.config.Options;
import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.SourcePosition;
import io.drasi.api.source.SubscriptionRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a sink is made from.
 *
 * @param sourceId the source to follow
 * @param subscriberId who it is for the source
 * @param output the file to append to; {@code -} is the standard output
 * @param bootstrap whether the elements that exist already are wanted
 * @param nodeLabels the labels wanted; empty means all
 */
public record SinkOptions(
    String sourceId,
    String subscriberId,
    String output,
    boolean bootstrap,
    Set<String> nodeLabels) {
  private static final String STANDARD_OUTPUT = "-";

  /**
   * Reads the properties of a component.
   *
   * @throws ConfigurationException naming every mistake
   */
  public static SinkOptions parse(Map<String, ?> properties) {
    Options options = Options.ofComponent(properties);
    String sourceId = options.requiredText("source_id").orElse("?");
    String subscriberId = options.text("subscriber_id").orElse("jsonl");
    String output = options.text("output").orElse(STANDARD_OUTPUT);
    boolean bootstrap = options.bool("bootstrap").orElse(false);
    List<String> nodeLabels = options.texts("node_labels").orElse(List.of());
    requireText(options, "subscriber_id", subscriberId);
    requireText(options, "output", output);
    options.finish();
    return new SinkOptions(sourceId, subscriberId, output, bootstrap, Set.copyOf(nodeLabels));
  }

  private static void requireText(Options options, String key, String text) {
    if (text.isBlank()) {
      options.problem(key, "is empty; a text is needed");
    }
  }

  /**
   * What to ask the source for. What was written is acknowledged by hand.
   *
   * @param position up to where it was written; null when nothing was
   */
  SubscriptionRequest request(@Nullable SourcePosition position) {
    return SubscriptionRequest.builder(subscriberId)
        .withNodeLabels(nodeLabels)
        .withAcknowledgement(Acknowledgement.MANUAL)
        .withBootstrap(bootstrap)
        .withResumeFrom(position)
        .build();
  }

  /** Whether the lines go to the standard output. */
  boolean toStandardOutput() {
    return output.equals(STANDARD_OUTPUT);
  }
}
