package io.drasi.source.postgres;

/**
 * What becomes of a source whose replication slot is gone, or was invalidated by the server, so
 * that changes are lost.
 */
public enum SlotLossPolicy {
  /** It fails. */
  FAIL,

  /**
   * It makes a new slot and bootstraps its subscribers again, after telling them. Those that do not
   * want a bootstrap are ended.
   */
  REBOOTSTRAP
}
