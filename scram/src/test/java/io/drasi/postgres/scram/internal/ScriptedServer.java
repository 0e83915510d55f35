package io.drasi.postgres.scram.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The server's side of an exchange, with key derivation by the JDK. For ASCII passwords only. */
public final class ScriptedServer {
  private final byte[] saltedPassword;
  private final String salt;
  private final int iterations;
  private String clientFirstBare = "";
  private String serverFirst = "";

  public ScriptedServer(String password, byte[] salt, int iterations) throws Exception {
    this.salt = Base64.getEncoder().encodeToString(salt);
    this.iterations = iterations;
    this.saltedPassword =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
            .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, 256))
            .getEncoded();
  }

  /** Takes the client's first message, and gives the server's. */
  public byte[] first(byte[] clientFirst) {
    String text = new String(clientFirst, UTF_8);
    clientFirstBare = text.substring(text.indexOf("n=", text.indexOf(',')));
    String clientNonce = text.substring(text.indexOf("r=") + 2);
    serverFirst = "r=%sServerNonce,s=%s,i=%d".formatted(clientNonce, salt, iterations);
    return serverFirst.getBytes(UTF_8);
  }

  /** Takes the client's last message, checks its proof, and gives the server's. */
  public byte[] last(byte[] clientFinal) throws Exception {
    String text = new String(clientFinal, UTF_8);
    String withoutProof = text.substring(0, text.indexOf(",p="));
    String authMessage = clientFirstBare + "," + serverFirst + "," + withoutProof;
    byte[] clientKey = hmac(saltedPassword, "Client Key");
    byte[] proof = hmac(MessageDigest.getInstance("SHA-256").digest(clientKey), authMessage);
    Bytes.xorInto(proof, clientKey);
    if (!text.endsWith(",p=" + Base64.getEncoder().encodeToString(proof))) {
      return "e=invalid-proof".getBytes(UTF_8);
    }
    byte[] signature = hmac(hmac(saltedPassword, "Server Key"), authMessage);
    return ("v=" + Base64.getEncoder().encodeToString(signature)).getBytes(UTF_8);
  }

  private static byte[] hmac(byte[] key, String message) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(message.getBytes(UTF_8));
  }
}
