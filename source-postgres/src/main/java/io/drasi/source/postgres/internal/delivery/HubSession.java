package io.drasi.source.postgres.internal.delivery;

import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.internal.transaction.ReceivedTransaction;
import java.io.IOException;

/**
 * What a session hands over to. Void as soon as another session begins, or the stream has to start
 * elsewhere: whatever it still hands over is refused then.
 *
 * <p>Confined to the session's thread.
 */
public final class HubSession {
  private final SubscriptionHub hub;
  private final Lsn start;
  private final HoldWatch watch;

  HubSession(SubscriptionHub hub, Lsn start, HoldWatch watch) {
    this.hub = hub;
    this.start = start;
    this.watch = watch;
  }

  /** Where the stream starts. */
  public Lsn start() {
    return start;
  }

  HoldWatch watch() {
    return watch;
  }

  /**
   * Hands a transaction to every subscription. Waits for those that hold the stream back.
   *
   * @return false when the session has to end, since there is nobody to hand to, another session
   *     has begun, or the stream has to start elsewhere
   * @throws IOException when the watch wants the session to end
   */
  public boolean dispatch(ReceivedTransaction transaction)
      throws IOException, InterruptedException {
    return hub.dispatch(transaction, this);
  }

  /**
   * There is nothing up to a position.
   *
   * @return as {@link #dispatch}
   */
  public boolean advance(PostgresPosition position) {
    return hub.advance(position, this);
  }
}
