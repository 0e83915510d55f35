package io.drasi.api.source;

/** The subscription has ended; whoever wants to go on subscribes again. */
public final class SubscriptionEndedException extends SourceException {
  private static final long serialVersionUID = 1L;

  /**
   * The end of a subscription.
   *
   * @param reason why it ended
   */
  public SubscriptionEndedException(String reason) {
    super(reason, null);
  }
}
