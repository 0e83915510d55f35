package io.drasi.it.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The inputs that are kept for each fuzz target: recorded ones, and those a fuzzer found worth it.
 */
public final class FuzzCorpus {
  private FuzzCorpus() {}

  /** Where a target's inputs are, one in a file. */
  public static Path folder(String target) {
    return Path.of(System.getProperty("drasi.root", ".."), "it/src/test/resources/fuzz", target);
  }

  /** A target's inputs, in the order of their files' names. */
  public static List<byte[]> inputs(String target) throws IOException {
    List<byte[]> inputs = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder(target))) {
      for (Path file : files.sorted().toList()) {
        inputs.add(Files.readAllBytes(file));
      }
    }
    return inputs;
  }

  /** One of the inputs with some bytes changed, cut, doubled, or joined to another one. */
  public static byte[] changed(List<byte[]> inputs, Random random) {
    byte[] input = inputs.get(random.nextInt(inputs.size())).clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      input = changedOnce(input, inputs, random);
    }
    return input;
  }

  private static byte[] changedOnce(byte[] input, List<byte[]> inputs, Random random) {
    if (input.length == 0) {
      return new byte[] {(byte) random.nextInt(256)};
    }
    int at = random.nextInt(input.length);
    switch (random.nextInt(4)) {
      case 0 -> input[at] = (byte) random.nextInt(256);
      case 1 -> {
        return Arrays.copyOf(input, at);
      }
      case 2 -> input[at] = (byte) (random.nextBoolean() ? 0xFF : 0);
      default -> {
        byte[] other = inputs.get(random.nextInt(inputs.size()));
        byte[] joined = Arrays.copyOf(input, at + other.length);
        System.arraycopy(other, 0, joined, at, other.length);
        return joined;
      }
    }
    return input;
  }
}
