package io.drasi.it.faults;

/** What happens to a connection. */
enum FaultKind {
  /** Both sides read the end of the stream (FIN). */
  CUT,
  /** Both sides get a reset (RST). */
  RESET,
  /** This direction falls silent, the other goes on. */
  HALF_OPEN,
  /** Both directions fall silent; nothing tells either side. */
  BLACK_HOLE,
  /** Bytes come one by one for a while. */
  FRAGMENTS,
  /** Nothing comes for a moment. */
  DELAY,
  /** Bytes come slowly for a while. */
  SLOW,
  /** A byte is another one. */
  CORRUPTION;

  /** Whether the connection is of no use afterwards, and only silence tells so. */
  boolean isSilent() {
    return this == HALF_OPEN || this == BLACK_HOLE;
  }

  /** Whether the connection goes on as if nothing had been. */
  boolean isHarmless() {
    return this == FRAGMENTS || this == DELAY || this == SLOW;
  }
}
