package io.drasi.bootstrap.scriptfile.internal;

import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of one record: each is taken once, and in the end none may be left over. */
final class RecordFields {
  private final Map<String, ElementValue> left;

  RecordFields(Map<String, ElementValue> fields) {
    this.left = new LinkedHashMap<>(fields);
  }

  /** A text that is there and not empty. */
  String name(String field) throws MalformedRecordException {
    String name = text(field);
    if (name.isEmpty()) {
      throw new MalformedRecordException("field \"%s\" is empty".formatted(field));
    }
    return name;
  }

  String text(String field) throws MalformedRecordException {
    if (required(field) instanceof ElementValue.Text text) {
      left.remove(field);
      return text.value();
    }
    throw wrongType(field, "a text");
  }

  void optionalText(String field) throws MalformedRecordException {
    ElementValue value = left.remove(field);
    if (isGiven(value) && !(value instanceof ElementValue.Text)) {
      throw wrongType(field, "a text");
    }
  }

  void optionalCount(String field) throws MalformedRecordException {
    ElementValue value = left.remove(field);
    boolean count = value instanceof ElementValue.Integer integer && integer.value() >= 0;
    if (isGiven(value) && !count) {
      throw wrongType(field, "a whole number of at least 0");
    }
  }

  List<String> texts(String field) throws MalformedRecordException {
    if (!(required(field) instanceof ElementValue.List list)) {
      throw wrongType(field, "a list of texts");
    }
    List<String> texts = new ArrayList<>(list.values().size());
    for (ElementValue value : list.values()) {
      if (!(value instanceof ElementValue.Text text)) {
        throw wrongType(field, "a list of texts");
      }
      texts.add(text.value());
    }
    left.remove(field);
    return texts;
  }

  ElementPropertyMap optionalObject(String field) throws MalformedRecordException {
    ElementValue value = left.remove(field);
    if (value instanceof ElementValue.Object object) {
      return object.properties();
    }
    if (isGiven(value)) {
      throw wrongType(field, "an object");
    }
    return ElementPropertyMap.empty();
  }

  void finish(String kind) throws MalformedRecordException {
    for (String field : left.keySet()) {
      throw new MalformedRecordException("a %s has no field \"%s\"".formatted(kind, field));
    }
  }

  private ElementValue required(String field) throws MalformedRecordException {
    ElementValue value = left.get(field);
    if (value == null) {
      throw new MalformedRecordException("field \"%s\" is missing".formatted(field));
    }
    return value;
  }

  private static boolean isGiven(@Nullable ElementValue value) {
    return value != null && value != ElementValue.Null.NULL;
  }

  private static MalformedRecordException wrongType(String field, String allowed) {
    return new MalformedRecordException("field \"%s\" is not %s".formatted(field, allowed));
  }
}
