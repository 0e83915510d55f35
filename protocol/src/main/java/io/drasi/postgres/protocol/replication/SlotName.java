package io.drasi.postgres.protocol.replication;

/**
 * The name of a replication slot.
 *
 * @param value 1 to 63 lower-case letters, digits and underscores
 */
public record SlotName(String value) {
  public SlotName {
    if (!value.matches("[a-z0-9_]{1,63}")) {
      throw new IllegalArgumentException(
          "a slot name is 1 to 63 lower-case letters, digits and underscores, was \"%s\""
              .formatted(value));
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
