package com.example.bootstrap.csv.internal;

import io.drasi.api.change.ElementValue;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads the records of RFC 4180. It reads bytes, since what separates fields is ASCII, so that the
 * line of a wrong character is exact. Confined to its thread.
 */
final class CsvReader implements Closeable {
  private static final int END = -1;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InputStream in;
  private final int maxRecordBytes;
  private final ByteArrayOutputStream field = new ByteArrayOutputStream();
  private int next;
  private long line = 1;
  private long recordLine = 1;
  private int recordBytes;

  /** Takes over the stream: closing the reader closes it. */
  CsvReader(InputStream in, int maxRecordBytes) throws IOException, MalformedCsvException {
    this.in = new BufferedInputStream(in);
    this.maxRecordBytes = maxRecordBytes;
    this.in.mark(BYTE_ORDER_MARK.length);
    if (Arrays.equals(this.in.readNBytes(BYTE_ORDER_MARK.length), BYTE_ORDER_MARK)) {
      throw malformed("begins with a byte order mark; save the file without it");
    }
    this.in.reset();
    this.next = this.in.read();
  }

  /** The fields of the next record; empty at the end. */
  Optional<List<ElementValue>> next() throws IOException, MalformedCsvException {
    recordLine = line;
    recordBytes = 0;
    if (next == END) {
      return Optional.empty();
    }
    List<ElementValue> fields = new ArrayList<>();
    do {
      fields.add(readField());
    } while (skip(','));
    readEndOfRecord();
    return Optional.of(fields);
  }

  /** A record that began where the last one did, and cannot be used. */
  MalformedCsvException malformed(String reason) {
    return new MalformedCsvException(recordLine, reason);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private ElementValue readField() throws IOException, MalformedCsvException {
    field.reset();
    if (skip('"')) {
      readQuoted();
    } else {
      readPlain();
      if (field.size() == 0) {
        return ElementValue.Null.NULL;
      }
    }
    var bytes = ByteBuffer.wrap(field.toByteArray());
    try {
      return new ElementValue.Text(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
    } catch (CharacterCodingException e) {
      throw malformed("is not UTF-8");
    }
  }

  private void readQuoted() throws IOException, MalformedCsvException {
    while (true) {
      int read = read();
      if (read == END) {
        throw malformed("has a quoted field without an end");
      }
      if (read == '"' && !skip('"')) {
        return;
      }
      field.write(read);
    }
  }

  private void readPlain() throws IOException, MalformedCsvException {
    while (next != ',' && next != '\r' && next != '\n' && next != END) {
      if (next == '"') {
        throw malformed("has a quote within a field that does not begin with one");
      }
      field.write(read());
    }
  }

  private void readEndOfRecord() throws IOException, MalformedCsvException {
    int read = read();
    if (read == '\r') {
      read = read();
      if (read != '\n') {
        throw malformed("has a carriage return without a line feed; quote the field");
      }
    }
    if (read != '\n' && read != END) {
      throw malformed("goes on after the quote that ends a field");
    }
  }

  private boolean skip(int expected) throws IOException, MalformedCsvException {
    if (next != expected) {
      return false;
    }
    read();
    return true;
  }

  private int read() throws IOException, MalformedCsvException {
    int read = next;
    if (read == END) {
      return END;
    }
    if (++recordBytes > maxRecordBytes) {
      throw malformed("is longer than %d bytes; is a quote missing?".formatted(maxRecordBytes));
    }
    if (read == '\n') {
      line++;
    }
    next = in.read();
    return read;
  }
}
