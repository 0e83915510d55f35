package io.drasi.sink.jsonl;

import com.fasterxml.jackson.core.JsonGenerator;
import io.drasi.api.change.ElementReference;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourcePosition;
import io.drasi.sink.jsonl.internal.ElementWriter;
import io.drasi.sink.jsonl.internal.LineGenerator;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes events as <a href="https://jsonlines.org/">JSON lines</a>: one JSON object (<a
 * href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259</a>) per change, in UTF-8, ended by a line
 * feed.
 *
 * <pre>{@code
 * {"type":"Insert","element":ELEMENT,"moved_from":"users:1","position":"…","xid":123}
 * {"type":"Update","element":ELEMENT,"before":ELEMENT,"position":"…","xid":123}
 * {"type":"Delete","metadata":METADATA,"before":ELEMENT,"position":"…","xid":123}
 * {"type":"Truncate","labels":["users"],"cascade":false,"restart_identity":false,"position":"…","xid":123}
 * {"type":"BootstrapStarted"}
 * {"type":"Insert","element":ELEMENT,"bootstrap":true}
 * {"type":"BootstrapCompleted","count":3,"position":"…"}
 * {"type":"Lagged","missed_transactions":2,"missed_changes":17,"position":"…"}
 *
 * ELEMENT  = {"metadata":METADATA,"properties":{…}}                                    for a node
 *          = {"metadata":METADATA,"in_node":NODE,"out_node":NODE,"properties":{…}}     for a relation
 * METADATA = {"element_id":"users:1","source_id":"pg","labels":["users"],"effective_from":1699900000000000}
 * NODE     = {"element_id":"users:1","source_id":"pg"}
 * }</pre>
 *
 * <p>{@code effective_from} counts microseconds since 1970-01-01T00:00:00Z. {@code moved_from} and
 * {@code before} are left out where there is none. In {@code (a)-[r]->(b)}, {@code in_node} is a
 * and {@code out_node} is b. {@code position} is the printed position right after the transaction.
 * A property that was not sent is left out; the others are written so:
 *
 * <table>
 * <caption>Values in JSON</caption>
 * <tr><th>Value</th><th>JSON</th></tr>
 * <tr><td>Null</td><td>{@code null}</td></tr>
 * <tr><td>Bool</td><td>{@code true}, {@code false}</td></tr>
 * <tr><td>Integer, Decimal</td><td>a number, exact to the last digit</td></tr>
 * <tr><td>Float</td><td>a number; {@code "NaN"}, {@code "Infinity"}, {@code "-Infinity"}</td></tr>
 * <tr><td>Text</td><td>a string</td></tr>
 * <tr><td>Json</td><td>the document itself; a string where it is no JSON document</td></tr>
 * <tr><td>Bytes</td><td>a string in base64 with padding (RFC 4648, section 4)</td></tr>
 * <tr><td>Uuid</td><td>{@code "123e4567-e89b-12d3-a456-426614174000"}</td></tr>
 * <tr><td>Date</td><td>{@code "2024-02-29"}</td></tr>
 * <tr><td>Time</td><td>{@code "23:59:00.5"}</td></tr>
 * <tr><td>LocalDateTime</td><td>{@code "2024-02-29T23:59:00.5"}</td></tr>
 * <tr><td>ZonedDateTime</td><td>{@code "2024-02-29T23:59:00.5Z"}</td></tr>
 * <tr><td>Interval</td><td>{@code "P1Y2M3DT4H5M6.000007S"}; each part with its own sign</td></tr>
 * <tr><td>List, Object</td><td>an array, an object</td></tr>
 * </table>
 *
 * <p>Dates are ISO 8601: years past 9999 carry a sign ({@code "+10000-01-01"}), and year 0000 is 1
 * BC. A Java string may hold half a surrogate pair, which has no form in UTF-8: U+FFFD is written
 * in its place.
 *
 * <p>Not thread-safe. After an exception the line begun may be incomplete: throw the writer away.
 */
public final class JsonLinesWriter implements AutoCloseable {
  private final JsonGenerator json;
  private final ElementWriter elements;

  /**
   * A writer to a stream, which {@link #close} closes. It buffers; the stream need not.
   *
   * @param out where the lines go
   */
  public JsonLinesWriter(OutputStream out) {
    json = LineGenerator.open(out);
    elements = new ElementWriter(json);
  }

  /**
   * Writes the changes of a transaction or of a bootstrap, a line each, and one for a bootstrap's
   * begin and end, for transactions that were missed, and for a loss; then flushes. Writes nothing
   * for an event of another kind.
   *
   * @param event what to write
   * @return how many changes were written
   * @throws IOException when the stream refuses
   */
  public int write(SourceEvent event) throws IOException {
    int changes = 0;
    if (event instanceof SourceEvent.Transaction transaction) {
      for (SourceChange change : transaction.changes()) {
        writeChange(change, transaction);
        changes++;
      }
    } else if (event instanceof SourceEvent.BootstrapBatch batch) {
      for (SourceChange.Insert insert : batch.changes()) {
        writeBootstrapped(insert);
        changes++;
      }
    } else {
      writeOther(event);
    }
    json.flush();
    return changes;
  }

  /** Flushes and closes the stream. */
  @Override
  public void close() throws IOException {
    json.close();
  }

  private void writeChange(SourceChange change, SourceEvent.Transaction transaction)
      throws IOException {
    json.writeStartObject();
    if (change instanceof SourceChange.Insert insert) {
      writeInsert(insert);
    } else if (change instanceof SourceChange.Update update) {
      writeUpdate(update);
    } else if (change instanceof SourceChange.Delete delete) {
      writeDelete(delete);
    } else if (change instanceof SourceChange.Truncate truncate) {
      writeTruncate(truncate);
    }
    writePosition(transaction.position());
    json.writeNumberField("xid", transaction.xid());
    endLine();
  }

  private void writeBootstrapped(SourceChange.Insert insert) throws IOException {
    json.writeStartObject();
    writeInsert(insert);
    json.writeBooleanField("bootstrap", true);
    endLine();
  }

  private void writeOther(SourceEvent event) throws IOException {
    if (event instanceof SourceEvent.Lagged lagged) {
      writeLagged(lagged);
    } else if (event instanceof SourceEvent.Resynchronizing lost) {
      json.writeStartObject();
      json.writeStringField("type", "Resynchronizing");
      json.writeStringField("reason", lost.reason());
      endLine();
    } else if (event instanceof SourceEvent.BootstrapStarted) {
      json.writeStartObject();
      json.writeStringField("type", "BootstrapStarted");
      endLine();
    } else if (event instanceof SourceEvent.BootstrapCompleted completed) {
      json.writeStartObject();
      json.writeStringField("type", "BootstrapCompleted");
      json.writeNumberField("count", completed.count());
      writePosition(completed.position());
      endLine();
    }
  }

  private void writeInsert(SourceChange.Insert insert) throws IOException {
    json.writeStringField("type", "Insert");
    elements.writeElement("element", insert.element());
    ElementReference movedFrom = insert.movedFrom();
    if (movedFrom != null) {
      json.writeStringField("moved_from", movedFrom.elementId());
    }
  }

  private void writeUpdate(SourceChange.Update update) throws IOException {
    json.writeStringField("type", "Update");
    elements.writeElement("element", update.element());
    elements.writeElement("before", update.before());
  }

  private void writeDelete(SourceChange.Delete delete) throws IOException {
    json.writeStringField("type", "Delete");
    elements.writeMetadata(delete.metadata());
    elements.writeElement("before", delete.before());
  }

  private void writeTruncate(SourceChange.Truncate truncate) throws IOException {
    json.writeStringField("type", "Truncate");
    elements.writeLabels(truncate.labels());
    json.writeBooleanField("cascade", truncate.cascade());
    json.writeBooleanField("restart_identity", truncate.restartIdentity());
  }

  private void writeLagged(SourceEvent.Lagged lagged) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "Lagged");
    json.writeNumberField("missed_transactions", lagged.missedTransactions());
    json.writeNumberField("missed_changes", lagged.missedChanges());
    writePosition(lagged.position());
    endLine();
  }

  private void writePosition(SourcePosition position) throws IOException {
    json.writeStringField("position", position.toString());
  }

  private void endLine() throws IOException {
    json.writeEndObject();
    json.writeRaw('\n');
  }
}
