package io.drasi.postgres.protocol.auth;

import java.nio.file.Path;
import java.util.Objects;

/** Where the password comes from. Whatever it is, it is looked up for each connection. */
public sealed interface PasswordSource {

  /** No password. */
  static PasswordSource none() {
    return new Fixed(Password.none());
  }

  /** A password that does not change. */
  record Fixed(Password password) implements PasswordSource {
    public Fixed {
      Objects.requireNonNull(password, "password");
    }
  }

  /**
   * A file that holds the password and nothing else; an end of line after it does not count.
   *
   * @param file the file, UTF-8
   */
  record InFile(Path file) implements PasswordSource {
    public InFile {
      Objects.requireNonNull(file, "file");
    }
  }

  /**
   * A file in the form of {@code .pgpass}, of which the first line counts that fits the connection.
   *
   * @param file the file, which nobody else may read
   * @see <a href="https://www.postgresql.org/docs/current/libpq-pgpass.html">Manual, The Password
   *     File</a>
   */
  record InPassfile(Path file) implements PasswordSource {
    public InPassfile {
      Objects.requireNonNull(file, "file");
    }
  }

  /**
   * A provider that is found by its name.
   *
   * @param name the name
   */
  record Named(String name) implements PasswordSource {
    public Named {
      Objects.requireNonNull(name, "name");
    }
  }

  /**
   * A provider.
   *
   * @param provider the provider
   */
  record Provided(CredentialProvider provider) implements PasswordSource {
    public Provided {
      Objects.requireNonNull(provider, "provider");
    }
  }
}
