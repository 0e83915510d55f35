package io.drasi.it.fuzz;

/** What holds of every refusal. */
final class Checks {
  private Checks() {}

  /** Whatever was read can be printed. */
  static void requireText(Object read) {
    if (String.valueOf(read).isEmpty()) {
      throw new AssertionError("nothing is printed of " + read.getClass());
    }
  }

  /** A refusal says why. */
  static void requireMessage(Exception refusal) {
    if (refusal.getMessage() == null || refusal.getMessage().isBlank()) {
      throw new AssertionError("a refusal without a message", refusal);
    }
  }
}
