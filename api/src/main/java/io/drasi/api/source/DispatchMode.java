package io.drasi.api.source;

/** What becomes of a subscriber that is slower than the stream. */
public enum DispatchMode {
  /** It holds the stream back; nothing is dropped. */
  CHANNEL,
  /** Nobody is held back; it misses transactions and is told how many. */
  BROADCAST
}
