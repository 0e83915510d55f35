package io.drasi.host;

import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourcePosition;
import java.time.Instant;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The first changes of a transaction, so that a demonstration ends after exactly so many. */
record FirstChanges(SourceEvent.Transaction transaction, long limit)
    implements SourceEvent.Transaction {
  @Override
  public SourcePosition position() {
    return transaction.position();
  }

  @Override
  public long xid() {
    return transaction.xid();
  }

  @Override
  public Instant commitTime() {
    return transaction.commitTime();
  }

  @Override
  public Iterable<SourceChange> changes() {
    return () -> new First(transaction.changes().iterator(), limit);
  }

  private static final class First implements Iterator<SourceChange> {
    private final Iterator<SourceChange> all;
    private long left;

    First(Iterator<SourceChange> all, long limit) {
      this.all = all;
      this.left = limit;
    }

    @Override
    public boolean hasNext() {
      return left > 0 && all.hasNext();
    }

    @Override
    public SourceChange next() {
      if (left <= 0) {
        throw new NoSuchElementException();
      }
      left--;
      return all.next();
    }
  }
}
