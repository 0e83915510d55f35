package io.drasi.it.credential;

import io.drasi.postgres.protocol.auth.CredentialProvider;
import io.drasi.postgres.protocol.auth.Password;
import java.io.IOException;

/** A credential provider as a third party would write it: the password is where no source looks. */
public final class Vault implements CredentialProvider {
  /** The password, for want of a vault. */
  public static final String PROPERTY = "io.drasi.it.vault";

  @Override
  public String name() {
    return "vault";
  }

  @Override
  public Password password(Request request) throws IOException {
    String secret = System.getProperty(PROPERTY + "." + request.user());
    if (secret == null) {
      throw new IOException("nothing is known of " + request.user());
    }
    return Password.of(secret);
  }
}
