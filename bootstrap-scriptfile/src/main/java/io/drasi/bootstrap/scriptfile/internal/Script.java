package io.drasi.bootstrap.scriptfile.internal;

import io.drasi.api.bootstrap.BootstrapException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files of a script. Thread-safe: every reading is on its own. */
public final class Script {
  private final List<Path> files;
  private final int maxLineBytes;

  public Script(List<Path> files, int maxLineBytes) {
    this.files = List.copyOf(files);
    this.maxLineBytes = maxLineBytes;
  }

  /** Takes the records in order, the header first. */
  @FunctionalInterface
  interface RecordConsumer {
    void accept(ScriptRecord read) throws InterruptedException;
  }

  /**
   * Reads all files, up to Finish.
   *
   * @return what the files were like
   * @throws BootstrapException when a file cannot be read
   */
  List<FileVersion> read(RecordConsumer consumer)
      throws InterruptedException, MalformedScriptException {
    List<FileVersion> before = files.stream().map(FileVersion::now).toList();
    List<FileVersion> read = new ArrayList<>();
    var reading = new Reading(consumer);
    for (FileVersion version : before) {
      read.add(reading.finished ? version : version.withChecksum(reading.read(version.file())));
    }
    return read;
  }

  /** One reading, confined to its thread. */
  private final class Reading {
    private final RecordConsumer consumer;
    private boolean begun;
    private boolean finished;

    Reading(RecordConsumer consumer) {
      this.consumer = consumer;
    }

    /** Reads a file, and returns the checksum of what it read. */
    long read(Path file) throws InterruptedException, MalformedScriptException {
      try (var lines = new LineReader(Files.newInputStream(file), maxLineBytes)) {
        try {
          readRecords(lines);
        } catch (MalformedRecordException e) {
          throw new MalformedScriptException(file, Math.max(1, lines.number()), e);
        }
        return lines.checksum();
      } catch (ClosedByInterruptException e) {
        Thread.interrupted(); // an InterruptedException leaves the flag cleared
        throw interrupted();
      } catch (IOException e) {
        throw new BootstrapException("%s: cannot be read: %s".formatted(file, e), e);
      }
    }

    private void readRecords(LineReader lines)
        throws IOException, InterruptedException, MalformedRecordException {
      while (!finished) {
        if (Thread.interrupted()) {
          throw interrupted();
        }
        String line = lines.next();
        if (line == null) {
          break;
        }
        if (!line.isBlank()) {
          accept(RecordParser.parse(line));
        }
      }
      if (!begun) {
        throw new MalformedRecordException("the first file ends here, without a Header");
      }
    }

    private void accept(ScriptRecord read) throws InterruptedException, MalformedRecordException {
      if (read instanceof ScriptRecord.Remark remark && (begun || remark.mayPrecedeHeader())) {
        return;
      }
      if (begun == read instanceof ScriptRecord.Header) {
        throw new MalformedRecordException(
            begun
                ? "a Header may come only once, first in the first file"
                : "the first record must be a Header");
      }
      begun = true;
      finished = read instanceof ScriptRecord.Finish;
      consumer.accept(read);
    }

    private static InterruptedException interrupted() {
      return new InterruptedException("the bootstrap was cancelled");
    }
  }
}
