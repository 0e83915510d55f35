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

  private final JsonParser parser;

  private JsonLine(JsonParser parser) {
    this.parser = parser;
  }

  /** The object's fields in order. */
  static Map<String, ElementValue> parse(String line) throws MalformedRecordException {
    if (line.startsWith("\uFEFF")) {
      throw new MalformedRecordException("begins with a byte order mark; save the file without it");
    }
    try (JsonParser parser = FACTORY.createParser(line)) {
      return new JsonLine(parser).onlyObject();
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
    Map<String, ElementValue> fields = fields();
    try {
      if (parser.nextToken() == null) {
        return fields;
      }
    } catch (JsonProcessingException e) {
      // What follows is not even JSON.
    }
    throw new MalformedRecordException("goes on after its JSON object");
  }

  private Map<String, ElementValue> fields() throws IOException, MalformedRecordException {
    Map<String, ElementValue> fields = new LinkedHashMap<>();
    for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
      parser.nextToken();
      if (fields.put(key, value()) != null) {
        throw new MalformedRecordException("has the key \"%s\" twice in an object".formatted(key));
      }
    }
    return fields;
  }

  private ElementValue value() throws IOException, MalformedRecordException {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> new ElementValue.Text(parser.getText());
      case VALUE_NUMBER_INT -> integer();
      case VALUE_NUMBER_FLOAT -> new ElementValue.Decimal(decimal());
      case VALUE_TRUE -> ElementValue.Bool.TRUE;
      case VALUE_FALSE -> ElementValue.Bool.FALSE;
      case VALUE_NULL -> ElementValue.Null.NULL;
      case START_ARRAY -> list();
      case START_OBJECT -> new ElementValue.Object(ElementPropertyMap.copyOf(fields()));
      default -> throw new IllegalStateException("no value begins with " + parser.currentToken());
    };
  }

  private ElementValue list() throws IOException, MalformedRecordException {
    List<ElementValue> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      values.add(value());
    }
    return new ElementValue.List(values);
  }

  private ElementValue integer() throws IOException, MalformedRecordException {
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      return new ElementValue.Decimal(decimal());
    }
    return new ElementValue.Integer(parser.getLongValue());
  }

  private BigDecimal decimal() throws IOException, MalformedRecordException {
    try {
      return new BigDecimal(parser.getText());
    } catch (NumberFormatException e) {
      throw new MalformedRecordException(
          "has a number whose exponent is out of range" + at(parser.currentTokenLocation()), e);
    }
  }

  private static String at(JsonLocation location) {
    return location == null ? "" : " at column " + location.getColumnNr();
  }
}
