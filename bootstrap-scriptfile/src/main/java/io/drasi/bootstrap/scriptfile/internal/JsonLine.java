package io.drasi.bootstrap.scriptfile.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a line that is one JSON object. Reasons show keys, never values. */
final class JsonLine {
  private static final int MAX_NESTING = 1000;
  private static final int MAX_NUMBER_LENGTH = 150_000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_NESTING)
                  .maxNumberLength(MAX_NUMBER_LENGTH)
                  // The length of the line bounds these.
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  /** The fields of the record, and those of its properties: a name comes once in them. */
  private static final int OUTER_DEPTH = 2;

  private final String line;
  private final JsonParser parser;

  private JsonLine(String line, JsonParser parser) {
    this.line = line;
    this.parser = parser;
  }

  /** The object's fields in order. */
  static Map<String, ElementValue> parse(String line) throws MalformedRecordException {
    if (line.startsWith("\uFEFF")) {
      throw new MalformedRecordException("begins with a byte order mark; save the file without it");
    }
    try (JsonParser parser = FACTORY.createParser(line)) {
      return new JsonLine(line, parser).onlyObject();
    } catch (StreamConstraintsException e) {
      throw new MalformedRecordException(
          "has more than %d levels of nesting, or a number of more than %d characters"
              .formatted(MAX_NESTING, MAX_NUMBER_LENGTH),
          e);
    } catch (JsonProcessingException e) {
      throw new MalformedRecordException("is not JSON" + at(e.getLocation()), e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  private Map<String, ElementValue> onlyObject() throws IOException, MalformedRecordException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new MalformedRecordException("is not a JSON object");
    }
    Map<String, ElementValue> fields = fields(1);
    try {
      if (parser.nextToken() == null) {
        return fields;
      }
    } catch (JsonProcessingException e) {
      // What follows is not even JSON.
    }
    throw new MalformedRecordException("goes on after its JSON object");
  }

  private Map<String, ElementValue> fields(int depth) throws IOException, MalformedRecordException {
    Map<String, ElementValue> fields = new LinkedHashMap<>();
    for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
      parser.nextToken();
      if (fields.put(key, value(depth)) != null) {
        throw new MalformedRecordException("has the key \"%s\" twice in an object".formatted(key));
      }
    }
    return fields;
  }

  private ElementValue value(int depth) throws IOException, MalformedRecordException {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> new ElementValue.Text(parser.getText());
      case VALUE_NUMBER_INT -> integer(depth);
      case VALUE_NUMBER_FLOAT -> fraction(depth);
      case VALUE_TRUE -> ElementValue.Bool.TRUE;
      case VALUE_FALSE -> ElementValue.Bool.FALSE;
      case VALUE_NULL -> ElementValue.Null.NULL;
      case START_ARRAY -> list(depth);
      case START_OBJECT ->
          depth < OUTER_DEPTH
              ? new ElementValue.Object(ElementPropertyMap.copyOf(fields(depth + 1)))
              : object(depth + 1);
      default -> throw new IllegalStateException("no value begins with " + parser.currentToken());
    };
  }

  /** An object within a value; one that has a name twice, as JSON may, is kept as it stands. */
  private ElementValue object(int depth) throws IOException, MalformedRecordException {
    long start = parser.currentTokenLocation().getCharOffset();
    Map<String, ElementValue> fields = new LinkedHashMap<>();
    boolean twice = false;
    for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
      parser.nextToken();
      twice |= fields.put(key, value(depth)) != null;
    }
    if (!twice) {
      return new ElementValue.Object(ElementPropertyMap.copyOf(fields));
    }
    long end = parser.currentTokenLocation().getCharOffset() + 1;
    return new ElementValue.Json(line.substring((int) start, (int) end));
  }

  private ElementValue list(int depth) throws IOException, MalformedRecordException {
    List<ElementValue> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      values.add(value(Math.max(depth, OUTER_DEPTH)));
    }
    return new ElementValue.List(values);
  }

  private ElementValue integer(int depth) throws IOException, MalformedRecordException {
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      return fraction(depth);
    }
    return new ElementValue.Integer(parser.getLongValue());
  }

  /** Only a floating point number can be less than nothing and nothing. */
  private ElementValue fraction(int depth) throws IOException, MalformedRecordException {
    String text = parser.getText();
    try {
      var number = new BigDecimal(text);
      return number.signum() == 0 && text.startsWith("-")
          ? new ElementValue.Float(-0.0)
          : new ElementValue.Decimal(number);
    } catch (NumberFormatException e) {
      if (depth >= OUTER_DEPTH) {
        return new ElementValue.Json(text);
      }
      throw new MalformedRecordException(
          "has a number whose exponent is out of range" + at(parser.currentTokenLocation()), e);
    }
  }

  private static String at(JsonLocation location) {
    return location == null ? "" : " at column " + location.getColumnNr();
  }
}
