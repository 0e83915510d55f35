package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementValue;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Types by OID, each with its array. Filled once, then only read. */
final class TypeTable {
  private final Map<Integer, Codec> byOid = new HashMap<>();

  /** The value that a type's values are, but for those it has no form for; by the type's name. */
  private final Map<String, Class<? extends ElementValue>> forms = new HashMap<>();

  /** The codec of a type; null when the type is not in the table. */
  @Nullable Codec find(int oid) {
    return byOid.get(oid);
  }

  /** What the types' values are, by name; immutable. */
  Map<String, Class<? extends ElementValue>> forms() {
    return Map.copyOf(forms);
  }

  void integer(int oid, int arrayOid, String type, long least, long most, BinaryDecoder binary) {
    ValueDecoder text = IntegerText.decoder(type, least, most);
    add(oid, arrayOid, type, ElementValue.Integer.class, text, binary);
  }

  void vector(int oid, int arrayOid, String type, int elementOid) {
    Codec element = known(elementOid);
    BinaryDecoder binary = Objects.requireNonNull(element.printable(), "added before");
    Codec codec = VectorCodec.of(type, element.text(), binary);
    add(oid, arrayOid, type, ElementValue.List.class, codec, ',');
  }

  void text(int oid, int arrayOid, String type) {
    add(oid, arrayOid, type, ElementValue.Text.class, characters(type), ',');
  }

  static Codec characters(String type) {
    return new Codec(CharacterText.decoder(type), ScalarBinary.characters(type));
  }

  void textOnly(int oid, int arrayOid, String type) {
    Codec codec = new Codec(CharacterText.decoder(type), null);
    add(oid, arrayOid, type, ElementValue.Text.class, codec, ',');
  }

  void printed(int oid, int arrayOid, String type, BinaryDecoder.Printer printer) {
    var codec = new Codec(CharacterText.decoder(type), BinaryDecoder.ofText(printer));
    char delimiter = type.equals("box") ? ';' : ',';
    add(oid, arrayOid, type, ElementValue.Text.class, codec, delimiter);
  }

  void range(
      int oid, int arrayOid, String prefix, int boundOid, int multirangeOid, int multiArrayOid) {
    Codec range = RangeBinary.range(prefix + "range", known(boundOid));
    add(oid, arrayOid, prefix + "range", ElementValue.Text.class, range, ',');
    Codec multirange = RangeBinary.multirange(prefix + "multirange", range);
    add(
        multirangeOid,
        multiArrayOid,
        prefix + "multirange",
        ElementValue.Text.class,
        multirange,
        ',');
  }

  void add(
      int oid,
      int arrayOid,
      String type,
      Class<? extends ElementValue> form,
      ValueDecoder text,
      BinaryDecoder binary) {
    add(oid, arrayOid, type, form, new Codec(text, binary), ',');
  }

  void add(
      int oid,
      int arrayOid,
      String type,
      Class<? extends ElementValue> form,
      Codec codec,
      char delimiter) {
    byOid.put(oid, codec);
    byOid.put(arrayOid, ArrayCodec.of(type + "[]", codec, delimiter));
    forms.put(type, form);
  }

  private Codec known(int oid) {
    return Objects.requireNonNull(byOid.get(oid), "added before");
  }
}
