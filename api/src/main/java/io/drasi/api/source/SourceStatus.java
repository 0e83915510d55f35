package io.drasi.api.source;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** What a source is doing, since when, what it waits for, and what went wrong. Immutable. */
@ProviderType
public final class SourceStatus {
  private final SourceState state;
  private final Instant since;
  private final @Nullable String waitingFor;
  private final @Nullable SourceException error;

  private SourceStatus(
      SourceState state,
      Instant since,
      @Nullable String waitingFor,
      @Nullable SourceException error) {
    this.state = Objects.requireNonNull(state, "state");
    this.since = Objects.requireNonNull(since, "since");
    this.waitingFor = waitingFor;
    this.error = error;
  }

  /**
   * A status.
   *
   * @param state what the source is doing
   * @param since since when
   * @param waitingFor what it waits for, in words, or null
   * @param error what went wrong, or null
   */
  public static SourceStatus of(
      SourceState state,
      Instant since,
      @Nullable String waitingFor,
      @Nullable SourceException error) {
    return new SourceStatus(state, since, waitingFor, error);
  }

  /** What the source is doing. */
  public SourceState state() {
    return state;
  }

  /** Since when it is in this state. */
  public Instant since() {
    return since;
  }

  /** What it waits for, in words: a subscriber by name, the next attempt to connect, a slot. */
  public Optional<String> waitingFor() {
    return Optional.ofNullable(waitingFor);
  }

  /** What went wrong: the reason for {@code RECONNECTING} and {@code FAILED}. */
  public Optional<SourceException> error() {
    return Optional.ofNullable(error);
  }

  @Override
  public String toString() {
    var text = new StringBuilder(state.name());
    if (waitingFor != null) {
      text.append(", waiting for ").append(waitingFor);
    }
    if (error != null) {
      text.append(": ").append(error.getMessage());
    }
    return text.toString();
  }
}
