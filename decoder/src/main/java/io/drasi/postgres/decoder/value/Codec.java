package io.drasi.postgres.decoder.value;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What decodes the values of one type. Immutable, thread-safe. */
public final class Codec {
  /** Of a type that nothing more is known of: what the server prints. */
  static final Codec UNKNOWN = new Codec(CharacterText.decoder("text"), null);

  private final ValueDecoder text;
  private final @Nullable ValueDecoder binary;

  Codec(ValueDecoder text, @Nullable ValueDecoder binary) {
    this.text = text;
    this.binary = binary;
  }

  /** The decoder of the text format. */
  public ValueDecoder text() {
    return text;
  }

  /** The decoder of the binary format; empty where only the text format is understood. */
  public Optional<ValueDecoder> binary() {
    return Optional.ofNullable(binary);
  }

  /** The decoder of the binary format, where it can print too. */
  @Nullable BinaryDecoder printable() {
    return binary instanceof BinaryDecoder printable ? printable : null;
  }
}
