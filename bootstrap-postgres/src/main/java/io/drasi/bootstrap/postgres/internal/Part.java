package io.drasi.bootstrap.postgres.internal;

import io.drasi.postgres.decoder.row.TableMapping;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one COPY reads: a table, or a range of its blocks. Thread-safe.
 *
 * @param whole the table it belongs to
 * @param number its number among all parts, from 0
 * @param range the blocks
 */
record Part(Whole whole, int number, BlockRange range) {
  private static final int ORDINAL_BITS = 40;

  /** What the parts of a table have in common. Thread-safe. */
  static final class Whole {
    private static final Logger log = LoggerFactory.getLogger(Whole.class);

    private final PublishedTable table;
    private final TableMapping mapping;
    private final CopyFormat format;
    private final AtomicInteger unread;
    private final AtomicLong rows = new AtomicLong();

    Whole(PublishedTable table, TableMapping mapping, CopyFormat format, int parts) {
      this.table = table;
      this.mapping = mapping;
      this.format = format;
      this.unread = new AtomicInteger(parts);
    }

    PublishedTable table() {
      return table;
    }

    TableMapping mapping() {
      return mapping;
    }

    CopyFormat format() {
      return format;
    }

    /** A part was read; tells the log when it was the last. */
    void read(String sourceId, long rowsOfPart) {
      long sum = rows.addAndGet(rowsOfPart);
      if (unread.decrementAndGet() == 0) {
        log.info("{}: bootstrap: read {}, {} rows", sourceId, table.name(), sum);
      }
    }
  }

  String copyStatement() {
    return whole.table().copyStatement(range, whole.format());
  }

  /** Numbers the part's rows so that no other part has the same numbers. */
  long firstOrdinal() {
    return (long) number << ORDINAL_BITS;
  }
}
