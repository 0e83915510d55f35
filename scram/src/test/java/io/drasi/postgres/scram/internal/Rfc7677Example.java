package io.drasi.postgres.scram.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.drasi.postgres.protocol.auth.AuthenticationException;

/** The example of RFC 7677 section 3: user {@code user}, password {@code pencil}. */
final class Rfc7677Example {
  static final String CLIENT_NONCE = "rOprNGfwEbeRWgbNEkqO";
  static final String NONCE = CLIENT_NONCE + "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  static final String PASSWORD = "pencil";
  static final String CLIENT_FIRST = "n,,n=user,r=" + CLIENT_NONCE;
  static final String SERVER_FIRST = "r=" + NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
  static final String CLIENT_FINAL =
      "c=biws,r=" + NONCE + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
  static final String SERVER_FINAL = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

  private Rfc7677Example() {}

  static ClientFirst clientFirst() {
    return new ClientFirst("user", CLIENT_NONCE, ChannelBinding.none());
  }

  static ClientFinal answer(String serverFirst) throws AuthenticationException {
    return clientFirst().answer(serverFirst.getBytes(UTF_8), PASSWORD.toCharArray());
  }

  static ClientFinal clientFinal() throws AuthenticationException {
    return answer(SERVER_FIRST);
  }
}
