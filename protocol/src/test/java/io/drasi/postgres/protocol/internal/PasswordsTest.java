package io.drasi.postgres.protocol.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.auth.CredentialProvider;
import io.drasi.postgres.protocol.auth.Password;
import io.drasi.postgres.protocol.auth.PasswordSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {
  @TempDir Path folder;

  private static ConnectionConfig config(PasswordSource source) {
    return ConnectionConfig.builder()
        .withHost("db.example.com")
        .withPort(5433)
        .withDatabase("sh:op")
        .withUser("app")
        .withPasswordFrom(source)
        .build();
  }

  private static String find(PasswordSource source, CredentialProvider... providers)
      throws IOException {
    return new String(new Passwords(List.of(providers)).find(config(source)).toCharArray());
  }

  private interface Asked {
    Password answer(CredentialProvider.Request request) throws IOException, InterruptedException;
  }

  private static CredentialProvider provider(String name, Asked asked) {
    return new CredentialProvider() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Password password(Request request) throws IOException, InterruptedException {
        return asked.answer(request);
      }
    };
  }

  private Path privateFile(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("passfile"), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3crét 🔑", "s3crét 🔑\n", "s3crét 🔑\r\n"})
  void readsAFileWithoutItsLastEndOfLine(String content) throws Exception {
    Path file = Files.writeString(folder.resolve("password"), content);

    assertThat(find(new PasswordSource.InFile(file))).isEqualTo("s3crét 🔑");
  }

  @Test
  void readsTheFileAnewEachTime() throws Exception {
    Path file = Files.writeString(folder.resolve("password"), "one");
    assertThat(find(new PasswordSource.InFile(file))).isEqualTo("one");
    Files.writeString(file, "two");

    assertThat(find(new PasswordSource.InFile(file))).isEqualTo("two");
  }

  @Test
  void saysWhatIsWrongWithAFile() throws Exception {
    Path missing = folder.resolve("none");
    assertThatThrownBy(() -> find(new PasswordSource.InFile(missing)))
        .isInstanceOf(ConnectionException.class)
        .hasMessage("the file %s (password_file) is not there".formatted(missing));
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xC3, 0x28});
    assertThatThrownBy(() -> find(new PasswordSource.InFile(binary)))
        .isInstanceOf(ConnectionException.class)
        .hasMessageEndingWith("is not UTF-8");
    Path large = Files.write(folder.resolve("large"), new byte[1024 * 1024 + 1]);
    assertThatThrownBy(() -> find(new PasswordSource.InFile(large)))
        .isInstanceOf(ConnectionException.class)
        .hasMessageContaining("larger than 1048576 bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "db.example.com:5433:sh\\:op:app:pw           | pw",
        "*:*:*:*:pw                                   | pw",
        "*:*:*:app:p\\:w\\\\:x                        | p:w\\:x",
        "*:*:*:other:no;*:*:*:app:second              | second",
        "*:*:*:app:first;*:*:*:app:second             | first",
        "#*:*:*:app:comment;*:*:*:app:pw              | pw",
        "db.example.com:5432:*:*:no                   | ''",
        "*:*:sh:op:app:no                             | ''",
        "*:*:*:app                                    | ''",
        "''                                           | ''",
      })
  void takesThePasswordOfTheFirstLineThatFits(String lines, String password) throws Exception {
    for (String end : List.of("\n", "\r\n")) {
      Path file = privateFile(lines.replace(";", end));
      assertThat(find(new PasswordSource.InPassfile(file))).isEqualTo(password);
    }
  }

  @Test
  void takesNoPassfileThatOthersMayRead() throws Exception {
    Path file = privateFile("*:*:*:*:pw");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    assertThatThrownBy(() -> find(new PasswordSource.InPassfile(file)))
        .isInstanceOf(ConnectionException.class)
        .hasMessage(
            "others may read the file %s (passfile); run chmod 600 %s".formatted(file, file));
  }

  @Test
  void asksTheProviderOfThatNameEachTime() throws Exception {
    var count = new AtomicInteger();
    CredentialProvider vault =
        provider(
            "vault",
            request ->
                Password.of(
                    "%s:%d/%s/%s#%d"
                        .formatted(
                            request.host(),
                            request.port(),
                            request.database(),
                            request.user(),
                            count.incrementAndGet())));
    CredentialProvider other = provider("other", request -> Password.none());

    assertThat(find(new PasswordSource.Named("vault"), other, vault))
        .isEqualTo("db.example.com:5433/sh:op/app#1");
    assertThat(find(new PasswordSource.Provided(vault))).endsWith("#2");
  }

  @Test
  void saysThatThereIsNoSuchProvider() {
    CredentialProvider other = provider("other", request -> Password.none());

    assertThatThrownBy(() -> find(new PasswordSource.Named("vault"), other))
        .isInstanceOf(ConnectionException.class)
        .hasMessage(
            "there is no credential provider vault; there are [other]; is its module or bundle"
                + " missing?");
  }

  @Test
  void triesAgainWhereAProviderFails() {
    CredentialProvider broken =
        provider(
            "vault",
            request -> {
              throw new IOException("sealed");
            });

    assertThatThrownBy(() -> find(new PasswordSource.Provided(broken)))
        .isInstanceOf(ConnectionException.class)
        .hasMessage("the credential provider vault gives no password: sealed");
  }

  @Test
  void endsWhereTheThreadIsInterrupted() {
    CredentialProvider slow =
        provider(
            "vault",
            request -> {
              throw new InterruptedException();
            });

    assertThatThrownBy(() -> find(new PasswordSource.Provided(slow)))
        .isInstanceOf(ConnectionException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
