package io.drasi.postgres.protocol.auth;

import java.util.Arrays;

/** A secret text. Never prints itself. */
public final class Password {
  private static final Password NONE = new Password(new char[0]);

  private final char[] characters;

  private Password(char[] characters) {
    this.characters = characters;
  }

  /** A password with a copy of the characters. */
  public static Password of(CharSequence characters) {
    char[] copy = new char[characters.length()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = characters.charAt(i);
    }
    return new Password(copy);
  }

  /** The empty password: none is known. */
  public static Password none() {
    return NONE;
  }

  /** Whether there is no character in it. */
  public boolean isEmpty() {
    return characters.length == 0;
  }

  /** A copy of the characters, for the caller to wipe. */
  public char[] toCharArray() {
    return characters.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Password that && Arrays.equals(characters, that.characters);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(characters);
  }

  /** Always {@code ****}. */
  @Override
  public String toString() {
    return "****";
  }
}
