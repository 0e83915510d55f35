package io.drasi.it.faults;

/** What a connection is for. */
enum Role {
  /** The source's stream. */
  REPLICATION,
  /** The temporary slot of a bootstrap. */
  BOOTSTRAP_SLOT,
  /** What a bootstrap reads and watches through. */
  BOOTSTRAP,
  /** The source's questions to the catalog. */
  CATALOG,
  /** A request to cancel. */
  CANCEL,
  /** Not to be told, since it is encrypted. */
  TLS,
  /** Nothing was said yet. */
  NEW;

  /** What a start-up message tells. */
  static Role of(String startup) {
    boolean bootstrap = startup.contains(":bootstrap\0");
    if (startup.contains("\0replication\0")) {
      return bootstrap ? BOOTSTRAP_SLOT : REPLICATION;
    }
    return bootstrap ? BOOTSTRAP : CATALOG;
  }

  /** Whether only a bootstrap has such connections. */
  boolean isOfBootstrap() {
    return this == BOOTSTRAP || this == BOOTSTRAP_SLOT;
  }
}
