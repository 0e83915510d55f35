package io.drasi.bootstrap.scriptfile.internal;

import static java.time.temporal.ChronoField.NANO_OF_SECOND;
import static java.time.temporal.ChronoField.YEAR;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.Locale;

/** Reads a line as a record. */
final class RecordParser {
  private static final int MAX_SHOWN = 40;

  /** RFC 3339, section 5.6, up to nanoseconds and without leap seconds. */
  private static final DateTimeFormatter RFC_3339 =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendValue(YEAR, 4)
          .appendPattern("-MM-dd'T'HH:mm:ss")
          .optionalStart()
          .appendFraction(NANO_OF_SECOND, 1, 9, true)
          .optionalEnd()
          .appendOffset("+HH:MM", "Z")
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private RecordParser() {}

  static ScriptRecord parse(String line) throws MalformedRecordException {
    var fields = new RecordFields(JsonLine.parse(line));
    String kind = fields.text("kind");
    ScriptRecord read =
        switch (kind) {
          case "Header" -> header(fields);
          case "Node" -> node(fields);
          case "Relation" -> relation(fields);
          case "Comment" -> comment(fields);
          case "Label" -> label(fields);
          case "Finish" -> finish(fields);
          default -> throw unknown(kind);
        };
    fields.finish(kind);
    return read;
  }

  private static ScriptRecord header(RecordFields fields) throws MalformedRecordException {
    String startTime = fields.text("start_time");
    fields.optionalText("description");
    try {
      return new ScriptRecord.Header(RFC_3339.parse(startTime, Instant::from));
    } catch (DateTimeException e) {
      throw new MalformedRecordException(
          "field \"start_time\" is not a time of RFC 3339, such as 2024-02-29T12:00:00Z", e);
    }
  }

  private static ScriptRecord node(RecordFields fields) throws MalformedRecordException {
    return new ScriptRecord.Node(
        fields.name("id"), fields.texts("labels"), fields.optionalObject("properties"));
  }

  private static ScriptRecord relation(RecordFields fields) throws MalformedRecordException {
    fields.optionalText("start_label");
    fields.optionalText("end_label");
    return new ScriptRecord.Relation(
        fields.name("id"),
        fields.texts("labels"),
        fields.name("start_id"),
        fields.name("end_id"),
        fields.optionalObject("properties"));
  }

  private static ScriptRecord comment(RecordFields fields) throws MalformedRecordException {
    fields.text("comment");
    return new ScriptRecord.Remark(true);
  }

  private static ScriptRecord label(RecordFields fields) throws MalformedRecordException {
    fields.optionalCount("offset_ns");
    fields.text("label");
    fields.optionalText("description");
    return new ScriptRecord.Remark(false);
  }

  private static ScriptRecord finish(RecordFields fields) throws MalformedRecordException {
    fields.optionalText("description");
    return new ScriptRecord.Finish();
  }

  private static MalformedRecordException unknown(String kind) {
    String shown = kind.length() <= MAX_SHOWN ? kind : kind.substring(0, MAX_SHOWN) + "…";
    return new MalformedRecordException(
        "\"%s\" is not a kind; kinds are Header, Node, Relation, Comment, Label, Finish"
            .formatted(shown));
  }
}
