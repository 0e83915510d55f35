package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementValue;
import io.drasi.api.change.SourceChange;
import java.util.List;

/** How much memory the elements of a bootstrap take, about: rather too much than too little. */
final class ElementMemory {
  /** An element beside its values: its id, its labels and what holds them. */
  private static final int ELEMENT_BYTES = 400;

  /** A value beside its characters or bytes. */
  private static final int VALUE_BYTES = 40;

  private ElementMemory() {}

  static long bytesOf(List<SourceChange.Insert> elements) {
    long bytes = 0;
    for (SourceChange.Insert insert : elements) {
      bytes += ELEMENT_BYTES + bytesOf(insert.element().properties());
    }
    return bytes;
  }

  private static long bytesOf(ElementPropertyMap properties) {
    long bytes = 0;
    for (ElementValue value : properties.values()) {
      bytes += bytesOf(value);
    }
    return bytes;
  }

  private static long bytesOf(ElementValue value) {
    return VALUE_BYTES + contentBytes(value);
  }

  private static long contentBytes(ElementValue value) {
    if (value instanceof ElementValue.Text text) {
      return (long) Character.BYTES * text.value().length();
    }
    if (value instanceof ElementValue.Json json) {
      return (long) Character.BYTES * json.text().length();
    }
    if (value instanceof ElementValue.Bytes bytes) {
      return bytes.length();
    }
    if (value instanceof ElementValue.Decimal decimal) {
      return decimal.value().unscaledValue().bitLength() / Byte.SIZE;
    }
    if (value instanceof ElementValue.Object object) {
      return bytesOf(object.properties());
    }
    long bytes = 0;
    if (value instanceof ElementValue.List list) {
      for (ElementValue each : list.values()) {
        bytes += bytesOf(each);
      }
    }
    return bytes;
  }
}
