package io.drasi.bootstrap.scriptfile;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.bootstrap.BootstrapProvider;
import io.drasi.api.bootstrap.BootstrapRequest;
import io.drasi.api.bootstrap.BootstrapResult;
import io.drasi.api.bootstrap.BootstrapSink;
import io.drasi.bootstrap.scriptfile.internal.Replay;
import io.drasi.bootstrap.scriptfile.internal.Script;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Replays elements from <a href="https://jsonlines.org/">JSONL</a> files, read in the order given
 * as if they were one.
 *
 * <p>Each line is one JSON object, whose {@code kind} says what it is. Fields marked {@code ?} may
 * be left out or null:
 *
 * <table>
 * <caption>Records</caption>
 * <tr><th>{@code kind}</th><th>Fields</th><th>Meaning</th></tr>
 * <tr><td>{@code Header}</td><td>{@code start_time}, {@code description?}</td>
 *     <td>the first record of the first file, and nowhere else; its time (<a
 *     href="https://www.rfc-editor.org/rfc/rfc3339">RFC 3339</a>) is the {@code effectiveFrom} of
 *     all elements</td></tr>
 * <tr><td>{@code Node}</td><td>{@code id}, {@code labels}, {@code properties?}</td>
 *     <td>a node</td></tr>
 * <tr><td>{@code Relation}</td><td>{@code id}, {@code labels}, {@code start_id}, {@code
 *     start_label?}, {@code end_id}, {@code end_label?}, {@code properties?}</td>
 *     <td>a relation from the start ({@code inNode}) to the end ({@code outNode})</td></tr>
 * <tr><td>{@code Comment}</td><td>{@code comment}</td><td>skipped; may come before the header</td>
 *     </tr>
 * <tr><td>{@code Label}</td><td>{@code offset_ns?}, {@code label}, {@code description?}</td>
 *     <td>skipped</td></tr>
 * <tr><td>{@code Finish}</td><td>{@code description?}</td><td>ends the script: what follows, in
 *     this and in later files, is not read, but those files have to be there all the same; without
 *     it the script ends with the last file</td></tr>
 * </table>
 *
 * <p>Property values: a whole number that fits 64 bits becomes an {@code Integer}, any other number
 * a {@code Decimal} with every digit, {@code -0.0} a {@code Float}; arrays and objects become
 * {@code List} and {@code Object}. What has no such form within a property, an object with a name
 * twice or a number whose exponent is out of range, becomes {@code Json} as it stands.
 *
 * <p>Lines are UTF-8 without a byte order mark, end in LF or CRLF, and hold at most {@value
 * #MAX_LINE_BYTES} bytes, 1000 levels of nesting, and numbers of at most 150000 characters. Blank
 * lines are skipped. A line is held in memory while it is read, and a batch while it is handed
 * over; nothing else is, so a file may have any size. Whether an id comes twice is not checked.
 *
 * <p>Every file is read twice: the first pass checks every line, so that a mistake is found before
 * the first element is handed over. A file that changes in between, or while it is read, fails the
 * bootstrap. It must be a regular file, since a pipe can be read but once.
 *
 * <p>With labels in the request, exactly what they name is loaded: a node that carries one of the
 * node labels, a relation that carries one of the relation labels. Where only one of the two sets
 * is given, nothing of the other sort is loaded. Both empty means everything.
 *
 * <p>Thread-safe: it has no state but its options.
 */
public final class ScriptFileBootstrapProvider implements BootstrapProvider {
  /** How long a line may be, its end not counted. */
  public static final int MAX_LINE_BYTES = 16 * 1024 * 1024;

  /** How many elements may go into a batch. */
  public static final int MAX_BATCH_SIZE = 100_000;

  private final List<Path> filePaths;
  private final int batchSize;

  private ScriptFileBootstrapProvider(Builder builder) {
    this.filePaths = List.copyOf(builder.filePaths);
    this.batchSize = builder.batchSize;
  }

  /** A builder of a provider. */
  public static Builder builder() {
    return new Builder();
  }

  /** The files, in the order in which they are read. */
  public List<Path> filePaths() {
    return filePaths;
  }

  /** How many elements go into a batch at most. */
  public int batchSize() {
    return batchSize;
  }

  /**
   * Replays the files.
   *
   * @return how many elements were handed over; no position, since a file has no place in a stream
   * @throws BootstrapException naming the file, the line and the reason
   * @throws InterruptedException when the thread is interrupted; looked for at every line
   */
  @Override
  public BootstrapResult bootstrap(BootstrapRequest request, BootstrapSink sink)
      throws InterruptedException {
    var replay = new Replay(new Script(filePaths, MAX_LINE_BYTES), request, batchSize);
    return BootstrapResult.of(replay.into(sink), null);
  }

  /** Builds a {@link ScriptFileBootstrapProvider}. Not thread-safe. */
  public static final class Builder {
    private final List<Path> filePaths = new ArrayList<>();
    private int batchSize = 1000;

    private Builder() {}

    /** One more file, read after those already given. */
    public Builder addFilePath(Path filePath) {
      filePaths.add(filePath);
      return this;
    }

    /** The files, in the order in which they are read; instead of those already given. */
    public Builder withFilePaths(List<Path> filePaths) {
      this.filePaths.clear();
      this.filePaths.addAll(filePaths);
      return this;
    }

    /**
     * How many elements go into a batch at most; 1000 by default.
     *
     * @throws IllegalArgumentException when it is not from 1 to {@link #MAX_BATCH_SIZE}
     */
    public Builder withBatchSize(int batchSize) {
      if (batchSize < 1 || batchSize > MAX_BATCH_SIZE) {
        throw new IllegalArgumentException(
            "batchSize must be from 1 to %d, was %d".formatted(MAX_BATCH_SIZE, batchSize));
      }
      this.batchSize = batchSize;
      return this;
    }

    /**
     * The provider. The files are not looked at before a bootstrap.
     *
     * @throws IllegalStateException when no file is given
     */
    public ScriptFileBootstrapProvider build() {
      if (filePaths.isEmpty()) {
        throw new IllegalStateException("filePaths must name at least one file");
      }
      return new ScriptFileBootstrapProvider(this);
    }
  }
}
