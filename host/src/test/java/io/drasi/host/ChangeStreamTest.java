package io.drasi.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangeStreamTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 1", "4, 2", "50, 17"})
  void endsAfterExactlySoManyChangesWithinATransactionToo(long limit, long transactions)
      throws Exception {
    var stream = new ChangeStream(source(100), out, limit);

    stream.run();

    assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize((int) limit);
    assertThat(stream.changes()).isEqualTo(limit);
    assertThat(stream.transactions()).isEqualTo(transactions);
  }

  @Test
  void endsQuietlyWhenItsThreadIsInterrupted() throws Exception {
    var stream = new ChangeStream(source(2), out, ChangeStream.UNLIMITED);

    Thread.currentThread().interrupt();
    stream.run();

    assertThat(stream.changes()).isEqualTo(6);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void endsQuietlyWhenNobodyReadsAnyMore() throws Exception {
    var reader = new RefusingOutput(new StandardOutput.ReaderGoneException(new IOException()));
    var stream = new ChangeStream(source(2), reader, ChangeStream.UNLIMITED);

    stream.run();

    assertThat(stream.changes()).isZero();
  }

  @Test
  void failsWhenTheChangesCannotBeWritten() {
    var disk = new RefusingOutput(new IOException("No space left on device"));
    var stream = new ChangeStream(source(2), disk, ChangeStream.UNLIMITED);

    assertThatThrownBy(stream::run).isInstanceOf(IOException.class).hasMessageContaining("space");
  }

  private static ScriptedSource source(int transactions) {
    return new ScriptedSource("s", true, transactions, null);
  }

  private static final class RefusingOutput extends OutputStream {
    private final IOException refusal;

    RefusingOutput(IOException refusal) {
      this.refusal = refusal;
    }

    @Override
    public void write(int b) throws IOException {
      throw refusal;
    }
  }
}
