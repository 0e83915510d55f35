package io.drasi.sink.jsonl.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementValue;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;

/** Writes values. */
final class ValueWriter {
  /** The largest scale of PostgreSQL's {@code numeric}. */
  private static final int MAX_PLAIN_SCALE = 16383;

  private final JsonGenerator json;

  ValueWriter(JsonGenerator json) {
    this.json = json;
  }

  void writeProperties(ElementPropertyMap properties) throws IOException {
    json.writeStartObject();
    for (Map.Entry<String, ElementValue> property : properties.entrySet()) {
      json.writeFieldName(property.getKey());
      write(property.getValue());
    }
    json.writeEndObject();
  }

  private void write(ElementValue value) throws IOException {
    if (value instanceof ElementValue.Text text) {
      json.writeString(text.value());
    } else if (value instanceof ElementValue.Integer integer) {
      json.writeNumber(integer.value());
    } else if (value instanceof ElementValue.Null) {
      json.writeNull();
    } else if (value instanceof ElementValue.Bool bool) {
      json.writeBoolean(bool.value());
    } else if (value instanceof ElementValue.Decimal decimal) {
      writeDecimal(decimal.value());
    } else if (value instanceof ElementValue.Float number) {
      json.writeNumber(number.value());
    } else if (value instanceof ElementValue.Json document) {
      writeJson(document.text());
    } else if (value instanceof ElementValue.Bytes bytes) {
      json.writeBinary(bytes.toArray());
    } else if (value instanceof ElementValue.List list) {
      writeList(list);
    } else if (value instanceof ElementValue.Object object) {
      writeProperties(object.properties());
    } else {
      json.writeString(IsoText.of(value));
    }
  }

  private void writeList(ElementValue.List list) throws IOException {
    json.writeStartArray();
    for (ElementValue item : list.values()) {
      write(item);
    }
    json.writeEndArray();
  }

  /** In full, as PostgreSQL prints it, unless that would be mostly zeros: 1E+1000000. */
  private void writeDecimal(BigDecimal number) throws IOException {
    boolean plain = number.scale() >= 0 && number.scale() <= MAX_PLAIN_SCALE;
    json.writeNumber(plain ? number.toPlainString() : number.toString());
  }

  private void writeJson(String text) throws IOException {
    if (JsonDocument.isValid(text)) {
      json.writeRawValue(JsonDocument.onOneLine(text));
    } else {
      json.writeString(text);
    }
  }
}
