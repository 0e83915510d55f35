package io.drasi.sink.jsonl.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;

/** Looks at JSON documents before they are embedded. */
final class JsonDocument {
  // A name is looked at once: keeping it for later would only cost memory.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private JsonDocument() {}

  /**
   * Whether the text is one JSON document. What comes from PostgreSQL is; a value that a third
   * party made need not be, and would break the line for every reader.
   */
  static boolean isValid(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      JsonToken rest = parser.nextToken();
      return rest == null;
    } catch (IOException e) {
      return false;
    }
  }

  /** The document without line breaks: those a valid document can have are white space. */
  static String onOneLine(String document) {
    return document.replace('\n', ' ').replace('\r', ' ');
  }
}
