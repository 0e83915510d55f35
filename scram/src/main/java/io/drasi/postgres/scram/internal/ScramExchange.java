package io.drasi.postgres.scram.internal;

import io.drasi.postgres.protocol.auth.AuthenticationException;
import io.drasi.postgres.protocol.auth.Password;
import io.drasi.postgres.protocol.auth.SaslMechanism;
import java.util.Arrays;

/**
 * One exchange, as the session drives it. What the server sends decides which method is called, so
 * a call out of order is the server's error; after any error nothing more is answered. Used by one
 * thread.
 */
public final class ScramExchange implements SaslMechanism.Exchange {
  private State state;

  /**
   * An exchange that has not begun.
   *
   * @param nonce printable ASCII without a comma, never used before
   */
  public ScramExchange(Password password, String nonce, ChannelBinding binding) {
    this.state = new Begun(new ClientFirst("", nonce, binding), password);
  }

  @Override
  public byte[] initialResponse() throws AuthenticationException {
    State taken = take();
    if (!(taken instanceof Begun begun)) {
      throw outOfOrder("the initial response", taken);
    }
    state = new Greeted(begun.client(), begun.password());
    return begun.client().message();
  }

  @Override
  public byte[] respond(byte[] challenge) throws AuthenticationException {
    State taken = take();
    if (!(taken instanceof Greeted greeted)) {
      throw outOfOrder("a server-first message", taken);
    }
    char[] password = greeted.password().toCharArray();
    try {
      ClientFinal client = greeted.client().answer(challenge, password);
      state = new Proved(client);
      return client.message();
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  @Override
  public void verify(byte[] outcome) throws AuthenticationException {
    State taken = take();
    if (!(taken instanceof Proved proved)) {
      throw outOfOrder("a server-final message", taken);
    }
    proved.client().verify(outcome);
  }

  @Override
  public void close() {
    take().wipe();
  }

  /** The state, which is over with this: an error leaves the exchange ended. */
  private State take() {
    State taken = state;
    state = new Ended();
    return taken;
  }

  private static AuthenticationException outOfOrder(String what, State taken) {
    taken.wipe();
    return new AuthenticationException(
        "SCRAM: each exchange has one initial response, server-first and server-final message, in"
            + " this order, but %s came out of order or after the end".formatted(what));
  }

  private sealed interface State {
    default void wipe() {}
  }

  private record Begun(ClientFirst client, Password password) implements State {}

  private record Greeted(ClientFirst client, Password password) implements State {}

  private record Proved(ClientFinal client) implements State {
    @Override
    public void wipe() {
      client.close();
    }
  }

  private record Ended() implements State {}
}
