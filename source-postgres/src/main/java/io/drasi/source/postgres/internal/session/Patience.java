package io.drasi.source.postgres.internal.session;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * How long a streaming server may be silent before it is taken for gone: twice its {@code
 * wal_sender_timeout}, in which it is asked for an answer several times. A server that has much to
 * skip or to sort out may be silent for longer than that and be well: after a session that ended in
 * silence and brought nothing, the next one bears twice as much.
 *
 * <p>Confined to the replication thread.
 */
public final class Patience {
  private static final int MOST = 64;

  /** What a socket can be told. */
  private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

  private int factor = 1;

  /**
   * How long it may be silent.
   *
   * @param walSenderTimeout the server's own patience; zero is without end
   */
  Duration with(Duration walSenderTimeout) {
    Duration base =
        walSenderTimeout.isZero() ? StreamSession.SILENCE : walSenderTimeout.multipliedBy(2);
    Duration patience = base.multipliedBy(factor);
    return patience.compareTo(LONGEST) > 0 ? LONGEST : patience;
  }

  /**
   * A session has ended.
   *
   * @param why what it ended with
   * @param progress whether subscribers are further than before it
   */
  public void ended(IOException why, boolean progress) {
    boolean silent = why.getCause() instanceof SocketTimeoutException;
    if (progress) {
      factor = 1;
    } else if (silent) {
      factor = Math.min(MOST, 2 * factor);
    }
  }
}
