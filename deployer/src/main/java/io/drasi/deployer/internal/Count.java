package io.drasi.deployer.internal;

/** Counts in words. */
final class Count {
  private Count() {}

  /** {@code 1 change}, {@code 2 changes}. */
  static String of(long number, String noun) {
    return "%d %s%s".formatted(number, noun, number == 1 ? "" : "s");
  }
}
