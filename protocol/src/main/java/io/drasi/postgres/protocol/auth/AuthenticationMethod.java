package io.drasi.postgres.protocol.auth;

/** How a server may have the client prove who it is. */
public enum AuthenticationMethod {
  /** Not at all ({@code trust}), or by nothing but its certificate ({@code cert}). */
  NONE,
  /** By the password as it is; the server, and whoever pretends to be it, then knows it. */
  PASSWORD,
  /** By a proof that it knows the password, which the server answers by one of its own. */
  SCRAM_SHA_256
}
