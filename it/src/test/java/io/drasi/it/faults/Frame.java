package io.drasi.it.faults;

/** A message as it is on the wire. */
final class Frame {
  private final String name;
  private final byte[] bytes;

  /**
   * A message.
   *
   * @param name how the manual calls it
   * @param bytes all of it, which may be changed
   */
  Frame(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  String name() {
    return name;
  }

  byte[] bytes() {
    return bytes;
  }
}
