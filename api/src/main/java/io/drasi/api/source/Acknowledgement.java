package io.drasi.api.source;

/** When what a subscriber took counts as done. */
public enum Acknowledgement {
  /** Asking for the next event acknowledges all that was returned before. */
  AUTO,
  /** {@link Subscription#acknowledge} does, and nothing else. */
  MANUAL
}
