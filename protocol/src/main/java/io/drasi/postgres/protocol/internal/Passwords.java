package io.drasi.postgres.protocol.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.auth.CredentialProvider;
import io.drasi.postgres.protocol.auth.Password;
import io.drasi.postgres.protocol.auth.PasswordSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the password for one connection. What is not to be had now may be later, so that it is a
 * {@link ConnectionException}. Thread-safe.
 */
public final class Passwords {
  private static final int MAX_FILE_BYTES = 1024 * 1024;
  private static final Set<PosixFilePermission> OF_OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final List<CredentialProvider> providers;

  /** With these providers to be found by name. */
  public Passwords(List<CredentialProvider> providers) {
    this.providers = List.copyOf(providers);
  }

  /** The password; empty when there is none. */
  Password find(ConnectionConfig config) throws ConnectionException {
    PasswordSource source = config.password();
    if (source instanceof PasswordSource.InFile file) {
      return firstLine(file.file());
    }
    if (source instanceof PasswordSource.InPassfile passfile) {
      requirePrivate(passfile.file());
      return Passfile.find(read(passfile.file(), "passfile"), config);
    }
    if (source instanceof PasswordSource.Named named) {
      return ask(provider(named.name()), config);
    }
    if (source instanceof PasswordSource.Provided provided) {
      return ask(provided.provider(), config);
    }
    return source instanceof PasswordSource.Fixed fixed ? fixed.password() : Password.none();
  }

  private CredentialProvider provider(String name) throws ConnectionException {
    return providers.stream()
        .filter(provider -> provider.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ConnectionException(
                    "there is no credential provider %s; there are %s; is its module or bundle missing?"
                        .formatted(name, providers.stream().map(CredentialProvider::name).toList()),
                    null));
  }

  private static Password ask(CredentialProvider provider, ConnectionConfig config)
      throws ConnectionException {
    record Wanted(String host, int port, String database, String user)
        implements CredentialProvider.Request {}
    try {
      Password password =
          provider.password(
              new Wanted(config.host(), config.port(), config.database(), config.user()));
      if (password == null) {
        throw new IOException("it gave null");
      }
      return password;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionException("interrupted while asking for the password", e);
    } catch (IOException | RuntimeException e) {
      throw new ConnectionException(
          "the credential provider %s gives no password: %s"
              .formatted(provider.name(), e.getMessage()),
          e);
    }
  }

  private static Password firstLine(Path file) throws ConnectionException {
    char[] text = read(file, "password_file");
    try {
      int end = text.length;
      while (end > 0 && (text[end - 1] == '\n' || text[end - 1] == '\r')) {
        end--;
      }
      return Password.of(CharBuffer.wrap(text, 0, end));
    } finally {
      Arrays.fill(text, '\0');
    }
  }

  private static void requirePrivate(Path file) throws ConnectionException {
    try {
      Set<PosixFilePermission> permissions = EnumSet.copyOf(OF_OTHERS);
      permissions.retainAll(Files.getPosixFilePermissions(file));
      if (!permissions.isEmpty()) {
        throw new ConnectionException(
            "others may read the file %s (passfile); run chmod 600 %s".formatted(file, file), null);
      }
    } catch (UnsupportedOperationException e) {
      return; // a system without such permissions
    } catch (ConnectionException e) {
      throw e;
    } catch (IOException e) {
      throw unreadable(file, "passfile", e);
    }
  }

  /** A file's text; for the caller to wipe. */
  private static char[] read(Path file, String option) throws ConnectionException {
    byte[] bytes = {};
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_FILE_BYTES + 1);
      if (bytes.length > MAX_FILE_BYTES) {
        throw new IOException("it is larger than %d bytes".formatted(MAX_FILE_BYTES));
      }
      CharBuffer decoded = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      char[] text = new char[decoded.remaining()];
      decoded.get(text);
      Arrays.fill(decoded.array(), '\0');
      return text;
    } catch (CharacterCodingException e) {
      throw new ConnectionException("the file %s (%s) is not UTF-8".formatted(file, option), e);
    } catch (IOException e) {
      throw unreadable(file, option, e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static ConnectionException unreadable(Path file, String option, IOException e) {
    return new ConnectionException(
        e instanceof NoSuchFileException
            ? "the file %s (%s) is not there".formatted(file, option)
            : "the file %s (%s) cannot be read: %s".formatted(file, option, e),
        e);
  }
}
