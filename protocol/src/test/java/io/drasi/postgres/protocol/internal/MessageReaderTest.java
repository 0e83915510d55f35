package io.drasi.postgres.protocol.internal;

import static io.drasi.postgres.protocol.support.ServerMessages.complete;
import static io.drasi.postgres.protocol.support.ServerMessages.concat;
import static io.drasi.postgres.protocol.support.ServerMessages.copyData;
import static io.drasi.postgres.protocol.support.ServerMessages.copyDone;
import static io.drasi.postgres.protocol.support.ServerMessages.error;
import static io.drasi.postgres.protocol.support.ServerMessages.int32;
import static io.drasi.postgres.protocol.support.ServerMessages.ready;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageReaderTest {
  private static final int USUAL_BUFFER = 128 * 1024;
  private static final byte[] THREE = concat(complete("SELECT 3"), copyDone(), ready());

  private static InputStream bytes(byte[]... parts) {
    return new ByteArrayInputStream(concat(parts));
  }

  private static String readString(MessageReader reader, char type) throws IOException {
    assertThat((char) reader.read()).isEqualTo(type);
    return reader.body().readString("text");
  }

  private static void expectThree(MessageReader reader) throws IOException {
    assertThat(readString(reader, 'C')).isEqualTo("SELECT 3");
    reader.body().finish("CommandComplete");
    assertThat((char) reader.read()).isEqualTo('c');
    assertThat(reader.body().remaining()).isZero();
    assertThat((char) reader.read()).isEqualTo('Z');
    assertThat(reader.body().readByte("status")).isEqualTo((byte) 'I');
    assertThatThrownBy(reader::read)
        .isInstanceOf(ConnectionException.class)
        .hasMessage("the server closed the connection");
  }

  @Test
  void cutsSeveralMessagesOutOfOneRead() throws Exception {
    expectThree(new MessageReader(bytes(THREE)));
  }

  @Test
  void joinsMessagesThatAreSplitAtAnyPoint() throws Exception {
    for (int at = 1; at < THREE.length; at++) {
      byte[] first = Arrays.copyOf(THREE, at);
      byte[] second = Arrays.copyOfRange(THREE, at, THREE.length);
      expectThree(new MessageReader(new SequenceInputStream(bytes(first), bytes(second))));
    }
  }

  @Test
  void joinsMessagesThatComeByteByByte() throws Exception {
    InputStream trickle =
        new InputStream() {
          private final InputStream all = bytes(THREE);

          @Override
          public int read() throws IOException {
            return all.read();
          }

          @Override
          public int read(byte[] target, int from, int length) throws IOException {
            return all.read(target, from, Math.min(length, 1));
          }
        };

    expectThree(new MessageReader(trickle));
  }

  @Test
  void findsTheEndOfTheStreamAtEveryByte() {
    for (int length = 0; length < 13; length++) {
      var reader = new MessageReader(bytes(Arrays.copyOf(complete("SELECT 3"), length)));
      assertThatThrownBy(reader::read).isInstanceOf(ConnectionException.class);
    }
  }

  @Test
  void readsALargeMessageAndGivesItsMemoryBack() throws Exception {
    byte[] large = new byte[1_000_003];
    new Random(1).nextBytes(large);
    var reader = new MessageReader(bytes(complete("a"), copyData(large), complete("b"), ready()));
    assertThat(readString(reader, 'C')).isEqualTo("a");
    assertThat(reader.body().array()).hasSize(USUAL_BUFFER);

    assertThat((char) reader.read()).isEqualTo('d');
    assertThat(reader.body().readBytes(large.length, "content")).isEqualTo(large);
    reader.body().finish("CopyData");
    assertThat(reader.body().array()).hasSize(large.length);

    assertThat(readString(reader, 'C')).isEqualTo("b");
    assertThat(reader.body().array()).hasSize(USUAL_BUFFER);
    assertThat((char) reader.read()).isEqualTo('Z');
  }

  @Test
  void readsMessagesOfEverySizeAboutThatOfItsBuffer() throws Exception {
    var all = new ByteArrayOutputStream();
    for (int size = USUAL_BUFFER - 12; size < USUAL_BUFFER + 12; size++) {
      all.writeBytes(copyData(new byte[size]));
      all.writeBytes(complete(Integer.toString(size)));
    }
    var reader = new MessageReader(bytes(all.toByteArray()));

    for (int size = USUAL_BUFFER - 12; size < USUAL_BUFFER + 12; size++) {
      assertThat((char) reader.read()).isEqualTo('d');
      assertThat(reader.body().remaining()).isEqualTo(size);
      assertThat(readString(reader, 'C')).isEqualTo(Integer.toString(size));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "C, 0, 262148",
    "C, 3, 262148",
    "C, -1, 262148",
    "C, -2147483648, 262148",
    "C, 262149, 262148",
    "S, 2147483647, 262148",
    "E, 16777221, 16777220",
    "N, 16777221, 16777220",
    "d, 3, 1073741828",
    "d, -2147483645, 1073741828",
    "d, 1073741829, 1073741828",
    "D, 2147483647, 1073741828",
  })
  void rejectsLengthsThatNoServerSends(char type, int length, int most) {
    var reader = new MessageReader(bytes(new byte[] {(byte) type}, int32(length), new byte[64]));

    assertThatThrownBy(reader::read)
        .isInstanceOf(ProtocolException.class)
        .hasMessage(
            "the length of message '%c' must be from 4 to %d, was %d"
                .formatted(type, most, length));
  }

  @Test
  void takesNoMemoryForALengthWhoseBytesDoNotCome() {
    var largest = new AtomicInteger();
    InputStream liar =
        new FilterInputStream(bytes(new byte[] {'d'}, int32(1 << 30), new byte[1000])) {
          @Override
          public int read(byte[] target, int from, int length) throws IOException {
            largest.accumulateAndGet(target.length, Math::max);
            return super.read(target, from, length);
          }
        };

    assertThatThrownBy(new MessageReader(liar)::read).isInstanceOf(ConnectionException.class);

    assertThat(largest).hasValue(USUAL_BUFFER);
  }

  @Test
  void readsAnErrorThatQuotesMuch() throws Exception {
    String text = "x".repeat(300_000);
    var reader = new MessageReader(bytes(error("ERROR", "P0001", text)));

    assertThat((char) reader.read()).isEqualTo('E');
    FieldReader body = reader.body();
    assertThat(body.remaining()).isGreaterThan(300_000);
  }

  @Test
  void saysThatAPeerIsSilent() throws Exception {
    try (var listener = new ServerSocket(0);
        var client = new Socket(listener.getInetAddress(), listener.getLocalPort());
        var server = listener.accept()) {
      client.setSoTimeout(20);
      server.getOutputStream().write('C');

      assertThatThrownBy(new MessageReader(client.getInputStream())::read)
          .isInstanceOf(ConnectionException.class)
          .hasMessage("the server was silent for too long")
          .hasCauseInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void saysHowAConnectionBroke() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new SocketException("Connection reset");
          }

          @Override
          public int read(byte[] target, int from, int length) throws IOException {
            return read();
          }
        };

    assertThatThrownBy(new MessageReader(broken)::read)
        .isInstanceOf(ConnectionException.class)
        .hasMessage("the connection broke: Connection reset")
        .hasCauseInstanceOf(SocketException.class);
  }

  /** Gives so many bytes with each read, which takes a second. */
  private static MessageReader slow(byte[] all, int bytesPerSecond, AtomicLong seconds) {
    var in =
        new FilterInputStream(bytes(all)) {
          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            seconds.incrementAndGet();
            return super.read(target, offset, Math.min(length, bytesPerSecond));
          }
        };
    var reader = new MessageReader(in, () -> seconds.get() * 1_000_000_000);
    reader.setReadTimeout(Duration.ofSeconds(3));
    return reader;
  }

  /** As where a byte of the length was changed on the way, and keepalives follow. */
  @Test
  void aMessageThatComesToAStandstillIsNotWaitedForForever() {
    byte[] keepalive = copyData(new byte[18]);
    var stream = new ByteArrayOutputStream();
    stream.writeBytes(new byte[] {'d'});
    stream.writeBytes(int32(1 << 20));
    for (int i = 0; i < 100; i++) {
      stream.writeBytes(keepalive);
    }
    AtomicLong seconds = new AtomicLong();
    MessageReader reader = slow(stream.toByteArray(), keepalive.length, seconds);
    assertThatThrownBy(reader::read)
        .isInstanceOf(ConnectionException.class)
        .hasMessageContaining("a message of 1048572 bytes came to a standstill");
    assertThat(seconds).hasValueLessThan(10);
  }

  @Test
  void aMessageThatComesSlowlyIsWaitedFor() throws Exception {
    MessageReader reader = slow(copyData(new byte[100_000]), 5000, new AtomicLong());
    assertThat(reader.read()).isEqualTo((byte) 'd');
    assertThat(reader.body().remaining()).isEqualTo(100_000);
  }

  @Test
  void aSmallMessageThatComesByteByByteIsComplete() throws Exception {
    MessageReader reader = slow(ready(), 1, new AtomicLong());
    assertThat(reader.read()).isEqualTo((byte) 'Z');
  }
}
