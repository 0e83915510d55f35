package com.example.bootstrap.csv;

import com.example.bootstrap.csv.internal.CsvLoad;
import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.bootstrap.BootstrapProvider;
import io.drasi.api.bootstrap.BootstrapRequest;
import io.drasi.api.bootstrap.BootstrapResult;
import io.drasi.api.bootstrap.BootstrapSink;
import java.util.List;

/**
 * Loads the records of CSV files (<a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>) as
 * nodes, file after file, in batches of {@value #BATCH_SIZE}.
 *
 * <p>The format is what {@code COPY users TO STDOUT (FORMAT csv, HEADER)} writes:
 *
 * <ul>
 *   <li>UTF-8 without a byte order mark; lines end in LF or CRLF.
 *   <li>The first record names the columns, each once. Every other has as many fields.
 *   <li>A field may stand in double quotes, and must where it holds a comma, a quote (which is
 *       doubled), or the end of a line.
 *   <li>A field that is empty and not quoted is {@code Null}; every other is {@code Text}, also
 *       where the stream of the same table has a number.
 * </ul>
 *
 * <p>Element ids are those of a PostgreSQL source: {@code users:1}, {@code order_items:1001_5}. In
 * a key of several columns {@code _} and {@code \} within a part are escaped by {@code \}; in a key
 * of one column a text that begins with {@code \} gets one more; Null is {@code \N}. A label of
 * another schema than {@code public} is written as the stream has it, {@code schema.table}. Whether
 * an id comes twice is not checked.
 *
 * <p>A node is effective from the time its file was last modified. Memory holds one record, of
 * {@value #MAX_RECORD_BYTES} bytes at most, and one batch, so a file may have any size. All files
 * are checked before the first element is handed over, then read again. A file that changes in
 * between, or while it is read, fails the bootstrap; it is told by size and time of modification.
 *
 * <p>With labels in the request, only files of one of the node labels are read.
 *
 * <p>Thread-safe: it has no state but its options.
 */
public final class CsvBootstrapProvider implements BootstrapProvider {
  /** How many elements go into a batch at most. */
  public static final int BATCH_SIZE = 1000;

  /** How long a record may be. */
  public static final int MAX_RECORD_BYTES = 16 * 1024 * 1024;

  private final List<CsvFile> files;

  /**
   * A provider. The files are not looked at before a bootstrap.
   *
   * @param files at least one; several may have one label
   */
  public CsvBootstrapProvider(List<CsvFile> files) {
    this.files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("files must name at least one file");
    }
  }

  /** The files, in the order in which they are read. */
  public List<CsvFile> files() {
    return files;
  }

  /**
   * Loads the files.
   *
   * @return how many elements were handed over; no position, since a file has no place in a stream
   * @throws BootstrapException naming the file, the line on which the record begins, and the reason
   * @throws InterruptedException when the thread is interrupted; looked for at every record
   */
  @Override
  public BootstrapResult bootstrap(BootstrapRequest request, BootstrapSink sink)
      throws InterruptedException {
    boolean everything = request.nodeLabels().isEmpty() && request.relationLabels().isEmpty();
    List<CsvFile> wanted =
        files.stream()
            .filter(file -> everything || request.nodeLabels().contains(file.label()))
            .toList();
    return BootstrapResult.of(new CsvLoad(wanted, request.sourceId(), sink).run(), null);
  }
}
