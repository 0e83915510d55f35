package io.drasi.source.postgres.internal.session;

import io.drasi.api.source.SourceException;

/** The replication slot is gone or was invalidated: changes are lost. */
public final class SlotLostException extends SourceException {
  private static final long serialVersionUID = 1L;

  private final String what;

  /**
   * A loss.
   *
   * @param what what has happened, in words
   * @param remedy what the operator can do
   */
  SlotLostException(String what, String remedy) {
    super(what + remedy, null);
    this.what = what;
  }

  /** What has happened, in words. */
  public String what() {
    return what;
  }
}
