package io.drasi.api.source;

/** What a source is doing. */
public enum SourceState {
  /** Not running, and not meant to. */
  STOPPED,
  /** Connecting for the first time since it was started. */
  STARTING,
  /** Connected; changes are flowing, or a subscriber is being waited for. */
  RUNNING,
  /** The connection was lost or could not be made; the source tries again by itself. */
  RECONNECTING,
  /** Ending its session. */
  STOPPING,
  /** Stopped by something that will not pass by itself; the error says what mends it. */
  FAILED
}
