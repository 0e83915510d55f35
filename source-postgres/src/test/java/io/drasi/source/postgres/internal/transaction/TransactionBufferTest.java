package io.drasi.source.postgres.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.source.postgres.internal.spill.SharedSpill;
import io.drasi.source.postgres.internal.spill.SpillSpace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionBufferTest {
  private static final int CHUNK = 256 * 1024;

  private final TransactionBuffer buffer =
      new TransactionBuffer(
          new TransactionMemory(new SpillSpace("source", Path.of("nowhere"), 0), Long.MAX_VALUE));

  private void append(byte[] message) throws IOException {
    append(buffer, message);
  }

  private static void append(TransactionBuffer buffer, byte[] message) throws IOException {
    var rest = new FieldReader(message);
    buffer.append(rest.readByte("type"), rest);
  }

  private static byte[] message(int length, int fill) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) fill);
    return bytes;
  }

  private List<byte[]> contents() throws IOException {
    List<byte[]> messages = new ArrayList<>();
    buffer.forEach(
        message ->
            messages.add(
                Arrays.copyOfRange(
                    message.array(),
                    message.position(),
                    message.position() + message.remaining())));
    return messages;
  }

  @Test
  void keepsMessagesInOrderWhateverTheirLength() throws Exception {
    List<byte[]> messages =
        List.of(
            message(1, 1),
            message(2, 0),
            message(CHUNK - 5, 2),
            message(1, 3),
            message(CHUNK, 4),
            message(3 * CHUNK, 5),
            message(2, 6));
    for (byte[] bytes : messages) {
      append(bytes);
    }
    assertThat(contents()).containsExactlyElementsOf(messages);
    assertThat(contents()).as("again").containsExactlyElementsOf(messages);
    assertThat(buffer.framedBytes())
        .isEqualTo(messages.stream().mapToLong(m -> m.length + 4).sum());
  }

  @Test
  void keepsACopyOfWhatIsLeftOfTheMessage() throws Exception {
    byte[] received = {9, 1, 2, 3, 9};
    var reader = new FieldReader(received);
    reader.reset(received, 1, 4);
    buffer.append((byte) 7, reader);
    Arrays.fill(received, (byte) 0);
    assertThat(contents()).containsExactly(new byte[] {7, 1, 2, 3});
  }

  @Test
  void isEmptyAfterEachTransactionSmallOrLarge() throws Exception {
    for (int length : new int[] {10, 2 * CHUNK, 10}) {
      append(message(length, 7));
      append(message(5, 8));
      assertThat(contents()).hasSize(2);
      buffer.clear();
      buffer.clear();
      assertThat(contents()).isEmpty();
      assertThat(buffer.framedBytes()).isZero();
    }
  }

  @Test
  void usesTheMemoryOfAnOrdinaryTransactionAgain() throws Exception {
    List<byte[]> arrays = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      append(message(10, i));
      buffer.forEach(message -> arrays.add(message.array()));
      buffer.clear();
    }
    assertThat(arrays.get(1)).isSameAs(arrays.get(0));
  }

  @Test
  void letsGoOfTheMemoryOfALargeTransaction() throws Exception {
    append(message(2 * CHUNK, 1));
    buffer.clear();
    append(message(1, 1));
    buffer.forEach(message -> assertThat(message.array()).hasSizeLessThan(CHUNK));
    assertThat(buffer.framedBytes()).isEqualTo(4 + 1);
  }

  @Test
  void goesToDiskWhereItsMessagesAreTooLongForOneArrayHoweverMuchMemoryThereIs(@TempDir Path folder)
      throws Exception {
    var memory = new TransactionMemory(new SpillSpace("source", folder, 1 << 20), 1 << 20, 300);
    try (var several = new TransactionBuffer(memory);
        var other = new TransactionBuffer(memory)) {
      for (int i = 0; i < 3; i++) {
        append(several, message(96, i));
        assertThat(several.isOnDisk()).isFalse();
      }
      append(other, message(96, 3));
      append(several, message(1, 4));
      assertThat(several.isOnDisk()).isTrue();
      assertThat(memory.space().usedBytes()).isEqualTo(300);
      append(several, message(1, 5));
      assertThat(memory.space().usedBytes()).as("what follows is gathered").isEqualTo(300);
      assertThat(other.isOnDisk()).as("each counts for itself").isFalse();
      try (SharedSpill file = several.takeFile().orElseThrow()) {
        assertThat(file.size()).isEqualTo(300 + 5 + 5);
      }
      append(several, message(296, 6));
      assertThat(several.isOnDisk()).as("the next transaction").isFalse();
    }
  }

  @Test
  void passesOnWhatTheConsumerThrows() throws Exception {
    append(message(1, 1));
    assertThatIOException()
        .isThrownBy(
            () ->
                buffer.forEach(
                    message -> {
                      throw new IOException("no");
                    }))
        .withMessage("no");
  }
}
