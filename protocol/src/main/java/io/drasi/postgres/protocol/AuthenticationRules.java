package io.drasi.postgres.protocol;

import io.drasi.postgres.protocol.auth.AuthenticationMethod;
import java.util.Objects;
import java.util.Set;

/**
 * What the client accepts of a server that wants to know who it is.
 *
 * @param channelBinding whether the log-in is bound to the TLS channel
 * @param allowed the methods the server may ask for; empty means each, but for a password in clear
 *     on a connection in clear, which has to be allowed by name
 */
public record AuthenticationRules(
    ChannelBinding channelBinding, Set<AuthenticationMethod> allowed) {
  public AuthenticationRules {
    Objects.requireNonNull(channelBinding, "channelBinding");
    allowed = Set.copyOf(allowed);
    if (channelBinding == ChannelBinding.REQUIRE
        && !allowed.isEmpty()
        && !allowed.contains(AuthenticationMethod.SCRAM_SHA_256)) {
      throw new IllegalArgumentException(
          "channel_binding require needs scram-sha-256, which require_auth does not allow");
    }
  }

  /** Whether a server may ask for a method. */
  public boolean allows(AuthenticationMethod method) {
    return allowed.isEmpty() || allowed.contains(method);
  }
}
