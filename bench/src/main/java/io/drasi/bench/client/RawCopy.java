package io.drasi.bench.client;

import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import io.drasi.postgres.protocol.Sql;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** Copies a table to nowhere, in the binary format. */
final class RawCopy implements Drain {

  @Override
  public Measurement run(Task task, Meter meter, Runnable ready) throws IOException {
    var messages = new AtomicLong();
    try (Session session = RawStream.connect(task, SessionMode.QUERY)) {
      ready.run();
      meter.begin();
      session.copyOut(
          "COPY public.%s TO STDOUT (FORMAT binary)".formatted(Sql.identifier(task.table())),
          content -> {
            meter.addBytes(content.remaining());
            messages.incrementAndGet();
          });
    }
    return meter.end(messages.get() - 1); // the last one is the trailer
  }
}
