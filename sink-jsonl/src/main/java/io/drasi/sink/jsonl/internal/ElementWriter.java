package io.drasi.sink.jsonl.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.drasi.api.change.Element;
import io.drasi.api.change.ElementMetadata;
import io.drasi.api.change.ElementReference;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes elements as fields of the object that is open. */
public final class ElementWriter {
  private final JsonGenerator json;
  private final ValueWriter values;

  public ElementWriter(JsonGenerator json) {
    this.json = json;
    this.values = new ValueWriter(json);
  }

  /** Writes the element; nothing where there is none. */
  public void writeElement(String field, @Nullable Element element) throws IOException {
    if (element == null) {
      return;
    }
    json.writeObjectFieldStart(field);
    writeMetadata(element.metadata());
    if (element instanceof Element.Relation relation) {
      writeNode("in_node", relation.inNode());
      writeNode("out_node", relation.outNode());
    }
    json.writeFieldName("properties");
    values.writeProperties(element.properties());
    json.writeEndObject();
  }

  public void writeMetadata(ElementMetadata metadata) throws IOException {
    json.writeObjectFieldStart("metadata");
    writeReference(metadata.reference());
    writeLabels(metadata.labels());
    json.writeNumberField(
        "effective_from", ChronoUnit.MICROS.between(Instant.EPOCH, metadata.effectiveFrom()));
    json.writeEndObject();
  }

  public void writeLabels(List<String> labels) throws IOException {
    json.writeArrayFieldStart("labels");
    for (String label : labels) {
      json.writeString(label);
    }
    json.writeEndArray();
  }

  private void writeNode(String field, ElementReference node) throws IOException {
    json.writeObjectFieldStart(field);
    writeReference(node);
    json.writeEndObject();
  }

  private void writeReference(ElementReference reference) throws IOException {
    json.writeStringField("element_id", reference.elementId());
    json.writeStringField("source_id", reference.sourceId());
  }
}
