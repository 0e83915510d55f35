package io.drasi.it.types;

import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementValue;
import io.drasi.postgres.decoder.value.CanonicalText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Values as the server reads them: what it then prints must be what it printed of the original.
 * Everything is quoted, so that nothing here has to know when quotes are needed.
 */
public final class ServerInput {
  private ServerInput() {}

  /** A value, as text that can be cast to its type. */
  public static String of(ElementValue value, String type, String delimiter) {
    if (value instanceof ElementValue.List list) {
      return array(list, type, delimiter);
    }
    if (value instanceof ElementValue.Object object) {
      return type.startsWith("hstore")
          ? hstore(object.properties())
          : composite(object.properties());
    }
    if (value instanceof ElementValue.Interval interval) {
      return TimeValues.interval(interval.months(), interval.days(), interval.microseconds());
    }
    return CanonicalText.of(value);
  }

  private static String array(ElementValue.List list, String type, String delimiter) {
    String elementType = type.equals("codes[]") ? "codes" : type;
    List<String> elements = new ArrayList<>();
    for (ElementValue element : list.values()) {
      boolean dimension = element instanceof ElementValue.List && !type.equals("codes[]");
      if (element == ElementValue.Null.NULL) {
        elements.add("NULL");
      } else if (dimension) {
        elements.add(array((ElementValue.List) element, type, delimiter));
      } else {
        elements.add(GeneratedType.quote(of(element, elementType, delimiter)));
      }
    }
    return "{" + String.join(delimiter, elements) + "}";
  }

  private static String composite(ElementPropertyMap columns) {
    List<String> values = new ArrayList<>();
    for (Map.Entry<String, ElementValue> column : columns.entrySet()) {
      values.add(
          column.getValue() == ElementValue.Null.NULL
              ? ""
              : GeneratedType.quote(of(column.getValue(), nested(column.getKey()), ",")));
    }
    return "(" + String.join(",", values) + ")";
  }

  /** The types of columns that are not printed like others. */
  private static String nested(String column) {
    return column.equals("tags") ? "hstore" : "";
  }

  private static String hstore(ElementPropertyMap pairs) {
    List<String> printed = new ArrayList<>();
    for (Map.Entry<String, ElementValue> pair : pairs.entrySet()) {
      printed.add(
          GeneratedType.quote(pair.getKey())
              + "=>"
              + (pair.getValue() instanceof ElementValue.Text text
                  ? GeneratedType.quote(text.value())
                  : "NULL"));
    }
    return String.join(",", printed);
  }
}
