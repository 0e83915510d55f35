package io.drasi.sink.jsonl.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CodingErrorAction;

/** Opens the generator that writes the lines. */
public final class LineGenerator {
  private static final byte[] REPLACEMENT_CHARACTER = "\uFFFD".getBytes(UTF_8);

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamWriteConstraints(
              StreamWriteConstraints.builder().maxNestingDepth(Integer.MAX_VALUE).build())
          // The JDK's own way of printing a double changed with version 19; this one is the same
          // everywhere.
          .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
          // A line that failed half way must not look complete.
          .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
          .build();

  private LineGenerator() {}

  /** A generator that writes root values without anything between them. */
  public static JsonGenerator open(OutputStream out) {
    // The generator's own UTF-8 encoder throws half way through a line on a lone surrogate.
    var encoder =
        UTF_8
            .newEncoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .replaceWith(REPLACEMENT_CHARACTER);
    try {
      return FACTORY
          .createGenerator(new OutputStreamWriter(out, encoder))
          .setRootValueSeparator(new SerializedString(""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
