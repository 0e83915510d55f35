package io.drasi.api.source;

/**
 * The source cannot start where a subscriber wants to resume, since what came after that position
 * is gone, or never was in the database it reads. The subscriber has to bootstrap again, or to
 * accept that changes are missing.
 */
public final class PositionUnavailableException extends SourceException {
  private static final long serialVersionUID = 1L;

  private final transient SourcePosition requested;
  private final transient SourcePosition earliest;

  /**
   * A position that cannot be had.
   *
   * @param requested where the subscriber wants to resume
   * @param earliest from where on the source has changes
   * @param reason why it cannot
   */
  public PositionUnavailableException(
      SourcePosition requested, SourcePosition earliest, String reason) {
    super(
        "cannot resume from %s: %s; the earliest position is %s: bootstrap again"
            .formatted(requested, reason, earliest),
        null);
    this.requested = requested;
    this.earliest = earliest;
  }

  /** Where the subscriber wants to resume. */
  public SourcePosition requested() {
    return requested;
  }

  /** From where on the source has changes. */
  public SourcePosition earliest() {
    return earliest;
  }
}
