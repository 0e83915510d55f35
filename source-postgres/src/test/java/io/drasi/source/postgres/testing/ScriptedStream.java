package io.drasi.source.postgres.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The server's end of a replication stream. Thread-safe. */
public final class ScriptedStream {
  private final Socket connection;
  private final String command;
  private final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
  private final CountDownLatch copyDone = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  ScriptedStream(Socket connection, String command) {
    this.connection = connection;
    this.command = command;
  }

  /** A standby status update, without its time. */
  public record Report(long written, long flushed, long applied, boolean replyRequested) {}

  /** Reads what the client sends until it goes. */
  void receive(DataInputStream in) throws IOException {
    try {
      while (true) {
        int type = in.readUnsignedByte();
        ByteBuffer body = ByteBuffer.wrap(in.readNBytes(in.readInt() - 4));
        if (type == 'd' && body.get() == 'r') {
          long written = body.getLong();
          long flushed = body.getLong();
          long applied = body.getLong();
          body.getLong();
          reports.add(new Report(written, flushed, applied, body.get() != 0));
        } else if (type == 'c') {
          copyDone.countDown();
        }
      }
    } finally {
      ended.countDown();
    }
  }

  /** The command that started it. */
  public String command() {
    return command;
  }

  /** The next report. */
  public Report awaitReport() throws InterruptedException {
    Report report = reports.poll(10, TimeUnit.SECONDS);
    if (report == null) {
      throw new AssertionError("no report came");
    }
    return report;
  }

  /** Whether a report has come that was not asked for here. */
  public boolean hasReport() {
    return !reports.isEmpty();
  }

  /** Waits until the client takes leave, and then is gone. */
  public boolean awaitFarewell() throws InterruptedException {
    return awaitEnd() && copyDone.getCount() == 0;
  }

  /** Waits until the client is gone. */
  public boolean awaitEnd() throws InterruptedException {
    return ended.await(10, TimeUnit.SECONDS);
  }

  /** Sends messages. */
  public void send(byte[]... messages) throws IOException {
    connection.getOutputStream().write(Backend.all(messages));
  }

  /** Sends a transaction of one insert; its commit record starts here. */
  public void sendTransaction(long commitLsn, long id) throws IOException {
    send(
        Backend.xlogData(commitLsn - 1, PgOutput.begin(commitLsn, 9)),
        Backend.xlogData(0, PgOutput.relation()),
        Backend.xlogData(commitLsn - 1, PgOutput.insert(id, "Alice")),
        Backend.xlogData(commitLsn + 1, PgOutput.commit(commitLsn)));
  }

  /** Cuts the connection. */
  public void cut() throws IOException {
    connection.close();
  }
}
