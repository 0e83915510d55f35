package io.drasi.source.postgres.internal.transaction;

import io.drasi.source.postgres.testing.Incoming;
import io.drasi.source.postgres.testing.PgOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * Transactions with subtransactions within one another, made up at random, sent as a server sends
 * them: some at once, some in blocks. What comes out is compared with what was committed.
 */
final class StreamedHistory {
  private static final int STEPS = 300;

  private final Random random;
  private final Incoming incoming;
  private final List<Writer> writers = new ArrayList<>();
  private final List<String> differences = new ArrayList<>();
  private int nextXid = Integer.MAX_VALUE - 50; // the numbers turn negative on the way
  private long nextId = 1;
  private long nextLsn = 100;

  /** A transaction that is open, with what a server that sends it in blocks knows of it. */
  private static final class Writer {
    final int xid;
    final List<Long> rows = new ArrayList<>();
    final Deque<Level> open = new ArrayDeque<>();
    boolean sent;
    boolean described;

    Writer(int xid) {
      this.xid = xid;
      open.push(new Level(xid, 0));
    }
  }

  /** A transaction or one within it that is open, with those within it that are not. */
  private static final class Level {
    final int xid;
    final int rowsBefore;
    final List<Integer> released = new ArrayList<>();

    Level(int xid, int rowsBefore) {
      this.xid = xid;
      this.rowsBefore = rowsBefore;
    }
  }

  StreamedHistory(Random random, Incoming incoming) {
    this.random = random;
    this.incoming = incoming;
  }

  /** Sends everything. Returns what came otherwise than it was committed. */
  List<String> differences() throws IOException {
    for (int i = 0; i < STEPS; i++) {
      step();
    }
    incoming.giveUp();
    return differences;
  }

  private void step() throws IOException {
    int what = random.nextInt(10);
    if (writers.isEmpty() || (what == 0 && writers.size() < 5)) {
      writers.add(new Writer(nextXid++));
    } else if (what == 1) {
      smallTransaction();
    } else {
      Writer writer = writers.get(random.nextInt(writers.size()));
      switch (what) {
        case 2 -> end(writer);
        case 3 -> writer.open.push(new Level(nextXid++, writer.rows.size()));
        case 4 -> release(writer);
        case 5 -> rollBack(writer);
        default -> block(writer);
      }
    }
  }

  private void smallTransaction() throws IOException {
    long id = nextId++;
    long lsn = nextLsn++;
    send(PgOutput.begin(lsn, nextXid++));
    send(PgOutput.relation());
    send(PgOutput.insert(id, "small"));
    compare(PgOutput.commit(lsn), List.of(id));
  }

  private void block(Writer writer) throws IOException {
    send(PgOutput.streamStart(writer.xid, !writer.sent));
    writer.sent = true;
    for (int i = random.nextInt(8); i >= 0; i--) {
      int xid = writer.open.element().xid;
      if (!writer.described) {
        send(PgOutput.inBlock(xid, PgOutput.relation()));
        writer.described = true;
      }
      writer.rows.add(nextId);
      send(PgOutput.inBlock(xid, PgOutput.insert(nextId++, "x".repeat(random.nextInt(200)))));
    }
    send(PgOutput.streamStop());
  }

  private static void release(Writer writer) {
    if (writer.open.size() > 1) {
      Level done = writer.open.pop();
      writer.open.element().released.addAll(done.released);
      writer.open.element().released.add(done.xid);
    }
  }

  /** The server names those within first, then forgets that it has described tables. */
  private void rollBack(Writer writer) throws IOException {
    if (writer.open.size() == 1 || !writer.sent) {
      return;
    }
    Level gone = writer.open.pop();
    for (int xid : gone.released) {
      send(PgOutput.streamAbort(writer.xid, xid));
    }
    send(PgOutput.streamAbort(writer.xid, gone.xid));
    writer.rows.subList(gone.rowsBefore, writer.rows.size()).clear();
    writer.described = false;
  }

  private void end(Writer writer) throws IOException {
    writers.remove(writer);
    if (!writer.sent) {
      return;
    }
    if (random.nextInt(3) == 0) {
      send(PgOutput.streamAbort(writer.xid, writer.xid));
    } else {
      compare(PgOutput.streamCommit(writer.xid, nextLsn++), writer.rows);
    }
  }

  private void send(byte[] message) throws IOException {
    if (incoming.accept(message).isPresent()) {
      differences.add("a transaction came that had not committed");
    }
  }

  private void compare(byte[] commit, List<Long> expected) throws IOException {
    List<Long> rows = StreamedTransactionsTest.ids(incoming.accept(commit).orElseThrow());
    if (!rows.equals(expected)) {
      differences.add("%s in place of %s".formatted(rows, expected));
    }
  }
}
