package io.drasi.it.support;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An authority that signs certificates, by the JDK's keytool; keys and certificates as PEM. */
public final class TestAuthority {
  private static final String PASSWORD = "changeit";

  private final Path store;
  private final String name;

  private TestAuthority(Path store, String name) {
    this.store = store;
    this.name = name;
  }

  /** An authority, whose files are in this folder; its alias is its name. */
  public static TestAuthority create(Path folder, String name) throws Exception {
    return create(folder, name, "EC");
  }

  /** An authority with a key of this kind; further arguments are keytool's. */
  public static TestAuthority create(Path folder, String name, String keyAlgorithm, String... more)
      throws Exception {
    var authority = new TestAuthority(folder.resolve(name + ".p12"), name);
    List<String> all = new ArrayList<>(List.of("-ext", "bc:c", "-validity", "30"));
    all.addAll(List.of(more));
    authority.keytool(name, "CN=" + name, keyAlgorithm, all.toArray(String[]::new));
    return authority;
  }

  /** Signs a certificate for a server of this name. */
  public void signServer(String alias, String host) throws Exception {
    sign(alias, "CN=" + host, "-ext", "san=dns:" + host, "-validity", "30");
  }

  /** Signs a certificate whose time is over. */
  public void signExpired(String alias, String host) throws Exception {
    sign(alias, "CN=" + host, "-ext", "san=dns:" + host, "-startdate", "-20d", "-validity", "10");
  }

  /** Signs a certificate for a client of this name. */
  public void signClient(String alias, String name) throws Exception {
    sign(alias, "CN=" + name, "-validity", "30");
  }

  private void sign(String alias, String subject, String... more) throws Exception {
    List<String> all = new ArrayList<>(List.of(more));
    all.addAll(List.of("-signer", name));
    keytool(alias, subject, "EC", all.toArray(String[]::new));
  }

  private void keytool(String alias, String subject, String keyAlgorithm, String... more)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-alias",
                alias,
                "-dname",
                subject,
                "-keyalg",
                keyAlgorithm,
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString()));
    command.addAll(Arrays.asList(more));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(keytool.getInputStream().readAllBytes(), US_ASCII);
    if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new IOException("keytool failed: " + output);
    }
  }

  private KeyStore keys() throws GeneralSecurityException, IOException {
    return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
  }

  /** The authority's own certificate. */
  public String certificate() throws Exception {
    return pem("CERTIFICATE", keys().getCertificate(name).getEncoded());
  }

  /** A signed certificate, followed by the authority's. */
  public String chain(String alias) throws Exception {
    var chain = new StringBuilder();
    for (Certificate certificate : keys().getCertificateChain(alias)) {
      chain.append(pem("CERTIFICATE", certificate.getEncoded()));
    }
    return chain.toString();
  }

  /** The private key to a signed certificate, PKCS#8. */
  public String key(String alias) throws Exception {
    return pem("PRIVATE KEY", keys().getKey(alias, PASSWORD.toCharArray()).getEncoded());
  }

  /** Writes a certificate and its key; gives the files' common path without ending. */
  public Path write(Path folder, String alias) throws Exception {
    Files.writeString(folder.resolve(alias + ".crt"), chain(alias));
    Files.writeString(folder.resolve(alias + ".key"), key(alias));
    return folder.resolve(alias);
  }

  /** What a TLS server uses that has all of the signed certificates. */
  public SSLContext serverContext() throws Exception {
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys(), PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  private static String pem(String label, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(label, body);
  }
}
