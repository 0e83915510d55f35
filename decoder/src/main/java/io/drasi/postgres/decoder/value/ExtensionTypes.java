package io.drasi.postgres.decoder.value;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The codecs of types of well-known extensions, by name: their OIDs differ between databases. */
final class ExtensionTypes {
  private static final Map<String, Codec> BY_NAME =
      Map.of(
          "citext", BuiltInTypes.TEXT,
          "hstore", HstoreCodec.codec(),
          "ltree", versioned("ltree"),
          "lquery", versioned("lquery"),
          "ltxtquery", versioned("ltxtquery"));

  private ExtensionTypes() {}

  private static Codec versioned(String type) {
    return new Codec(CharacterText.decoder(type), ScalarBinary.versioned(type));
  }

  /** The names of the types. */
  static Set<String> names() {
    return BY_NAME.keySet();
  }

  static Optional<Codec> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }
}
