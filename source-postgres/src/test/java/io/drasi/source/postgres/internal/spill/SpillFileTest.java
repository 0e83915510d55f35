package io.drasi.source.postgres.internal.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpillFileTest {
  /** So much stays in memory. */
  private static final int TAIL = 128 * 1024;

  @TempDir Path folder;

  private SpillSpace space(long limitBytes) {
    return new SpillSpace("source", folder, limitBytes);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  /** What stands at a place: the next bytes of a sequence that hardly repeats. */
  private static byte[] bytes(long from, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (((from + i) * 0x9E37_79B9_7F4A_7C15L) >>> 56);
    }
    return bytes;
  }

  private static void write(SpillFile file, byte[] bytes) throws IOException {
    file.write(bytes, 0, bytes.length);
  }

  static LongStream seeds() {
    return LongStream.concat(LongStream.range(0, 30), LongStream.of(System.nanoTime()));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void readsInOrderWhatWasWrittenWhereverItIs(long seed) throws Exception {
    var random = new Random(seed);
    SpillSpace space = space(Long.MAX_VALUE);
    try (var file = new SpillFile(space)) {
      long written = 0;
      long read = 0;
      for (int step = 0; step < 200; step++) {
        if (random.nextBoolean()) {
          int length = length(random);
          int offset = random.nextInt(10);
          file.write(bytes(written - offset, offset + length + 3), offset, length);
          written += length;
        } else {
          int length = (int) Math.min(length(random), written - read);
          assertThat(file.read(length))
              .as("seed %d, step %d", seed, step)
              .isEqualTo(bytes(read, length));
          read += length;
        }
        assertThat(file.remaining()).as("seed %d, step %d", seed, step).isEqualTo(written - read);
        assertThat(space.usedBytes()).isBetween(0L, written);
      }
      assertThat(file.read((int) (written - read))).isEqualTo(bytes(read, (int) (written - read)));
      assertThat(space.usedBytes()).as("all was read").isZero();
    }
  }

  /** Mostly small, often at the end of what stays in memory, sometimes far more. */
  private static int length(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> TAIL - 1 + random.nextInt(3);
      case 1 -> random.nextInt(3 * TAIL);
      case 2 -> 0;
      default -> random.nextInt(TAIL / 4);
    };
  }

  @Test
  void aFileIsMadeOnlyOfWhatDoesNotFitIntoMemory() throws Exception {
    SpillSpace space = space(TAIL);
    try (var file = new SpillFile(space)) {
      write(file, bytes(0, TAIL));
      assertThat(space.usedBytes()).isZero();
      write(file, bytes(TAIL, 1));
      assertThat(space.usedBytes()).isEqualTo(TAIL);
      assertThat(file.read(TAIL + 1)).isEqualTo(bytes(0, TAIL + 1));
      assertThat(space.usedBytes()).isZero();
    }
  }

  @Test
  void anEmptyOneNeedsNoFolder() throws Exception {
    var nowhere = new SpillSpace("source", folder.resolve("nowhere"), 10 * TAIL);
    try (var file = new SpillFile(nowhere)) {
      write(file, bytes(0, TAIL));
      assertThatIOException().isThrownBy(() -> write(file, bytes(0, 1)));
    }
    assertThat(nowhere.usedBytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, TAIL, TAIL + 1, 3 * TAIL})
  void readsNoMoreThanThereIsAndLosesNothingByTrying(int length) throws Exception {
    try (var file = new SpillFile(space(10 * TAIL))) {
      write(file, bytes(0, length));
      assertThatExceptionOfType(EOFException.class)
          .isThrownBy(() -> file.read(length + 1))
          .withMessage("%d bytes wanted, %d are left".formatted(length + 1, length));
      assertThat(file.read(length)).isEqualTo(bytes(0, length));
      assertThatExceptionOfType(EOFException.class).isThrownBy(() -> file.read(1));
      assertThat(file.read(0)).isEmpty();
    }
  }

  @Test
  void beyondTheLimitItFailsAndGivesItsSpaceBackWhenItIsClosed() throws Exception {
    SpillSpace space = space(2 * TAIL);
    var file = new SpillFile(space);
    write(file, bytes(0, 3 * TAIL));
    assertThat(space.usedBytes()).isEqualTo(2 * TAIL);
    assertThatExceptionOfType(SpillLimitException.class)
        .isThrownBy(() -> write(file, bytes(3 * TAIL, 1)))
        .withMessageStartingWith("the files in %s would hold more than 0 MiB".formatted(folder))
        .withMessageContaining("raise spill_limit_mb");
    assertThat(space.usedBytes()).isEqualTo(2 * TAIL);
    file.close();
    file.close();
    assertThat(space.usedBytes()).isZero();
    try (var next = new SpillFile(space)) {
      write(next, bytes(0, 3 * TAIL));
      assertThat(next.read(3 * TAIL)).isEqualTo(bytes(0, 3 * TAIL));
    }
  }

  @Test
  void theLimitIsThatOfAllFilesTogetherAndTheLargestGoes() throws Exception {
    SpillSpace space = space(3 << 20);
    try (var one = new SpillFile(space);
        var other = new SpillFile(space)) {
      write(one, bytes(0, 2 << 20));
      write(other, bytes(0, 1 << 20));
      assertThat(one.whyLost()).isEmpty();
      write(other, bytes(1 << 20, 1 << 20));
      assertThat(one.whyLost()).isPresent();
      assertThatExceptionOfType(SpillLimitException.class)
          .isThrownBy(() -> one.read(1))
          .withMessageContaining("more than 3 MiB");
      assertThatExceptionOfType(SpillLimitException.class)
          .isThrownBy(() -> write(one, bytes(0, 1 << 20)));
      assertThat(other.read(2 << 20)).as("the other is not harmed").isEqualTo(bytes(0, 2 << 20));
    }
    assertThat(space.usedBytes()).isZero();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whatIsTakenFromOneIsGoneFromTheDiskBeforeOthersFillIt() throws Exception {
    long limit = 2 << 20;
    SpillSpace space = space(limit);
    try (var kept = new SpillFile(space);
        var needed = new SharedSpill(space)) {
      write(kept, bytes(0, 2 << 20));
      assertThat(onDisk()).isBetween(limit / 2, limit);
      for (int i = 0;
          i < 16;
          i++) { // a large transaction: nobody looks after subscribers meanwhile
        needed.append(bytes(0, TAIL), TAIL);
        assertThat(onDisk()).as("after %d blocks", i + 1).isLessThanOrEqualTo(limit);
      }
      assertThat(kept.whyLost()).isPresent();
    }
    assertThat(onDisk()).isZero();
  }

  /** What the open files in the folder hold. They have no names, but Linux shows them. */
  private long onDisk() throws IOException {
    long bytes = 0;
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.filter(this::isInFolder).toList()) {
        bytes += Files.size(descriptor);
      }
    }
    return bytes;
  }

  private boolean isInFolder(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).startsWith(folder);
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  @RepeatedTest(20)
  @Timeout(20)
  void whoIsAtItWhenItsSpaceIsTakenIsToldAndGetsNothingElse() throws Exception {
    SpillSpace space = space(2 << 20);
    try (var taken = new SpillFile(space);
        var needed = new SharedSpill(space)) {
      write(taken, bytes(0, 1 << 20));
      var begun = new CountDownLatch(1);
      var using =
          new FutureTask<>(
              () -> {
                for (long at = 0; true; at += TAIL) {
                  assertThat(taken.read(TAIL)).isEqualTo(bytes(at, TAIL));
                  write(taken, bytes(at + (1 << 20), TAIL));
                  begun.countDown();
                }
              });
      var user = new Thread(using);
      user.start();
      begun.await();
      for (int i = 0; i < 16; i++) {
        needed.append(bytes(0, TAIL), TAIL);
      }
      user.join();
      assertThatThrownBy(using::get).hasCauseExactlyInstanceOf(SpillLimitException.class);
    }
    assertThat(space.usedBytes()).isZero();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theFileHasNoNameWhileItIsUsed() throws Exception {
    SpillSpace space = space(10 * TAIL);
    try (var file = new SpillFile(space)) {
      write(file, bytes(0, 3 * TAIL));
      assertThat(space.usedBytes()).isPositive();
      assertThat(files()).isEmpty();
      assertThat(file.read(3 * TAIL)).isEqualTo(bytes(0, 3 * TAIL));
    }
  }

  @Test
  void nothingIsLeftBehindWhenItIsClosed() throws Exception {
    SpillSpace space = space(10 * TAIL);
    try (var file = new SpillFile(space)) {
      write(file, bytes(0, 3 * TAIL));
      file.read(TAIL);
    }
    assertThat(files()).isEmpty();
    assertThat(space.usedBytes()).isZero();
  }

  @Test
  void isUsedOnceMoreWhenAllWasRead() throws Exception {
    try (var file = new SpillFile(space(3 * TAIL))) {
      for (int round = 0; round < 5; round++) {
        write(file, bytes(round, 3 * TAIL));
        assertThat(file.read(3 * TAIL)).isEqualTo(bytes(round, 3 * TAIL));
      }
    }
  }

  @Test
  void anInterruptOfWhoWritesOrReadsLosesNothing() throws Exception {
    try (var file = new SpillFile(space(10 * TAIL))) {
      Thread.currentThread().interrupt();
      write(file, bytes(0, 3 * TAIL));
      assertThat(file.read(TAIL)).isEqualTo(bytes(0, TAIL));
      assertThat(file.read(2 * TAIL)).isEqualTo(bytes(TAIL, 2 * TAIL));
      write(file, bytes(0, 2 * TAIL));
      assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
      assertThat(file.read(2 * TAIL)).isEqualTo(bytes(0, 2 * TAIL));
    } finally {
      Thread.interrupted();
    }
  }
}
