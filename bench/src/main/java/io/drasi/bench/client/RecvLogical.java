package io.drasi.bench.client;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Has {@code pg_recvlogical} write the stream to nowhere. The first row cannot be seen: its time is
 * that of the program, from begin to end.
 */
final class RecvLogical implements Drain {

  @Override
  public Measurement run(Task task, Meter meter, Runnable ready)
      throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(
            List.of(
                "pg_recvlogical",
                "--host=" + task.host(),
                "--port=" + task.port(),
                "--username=" + task.user(),
                "--dbname=" + task.database(),
                "--slot=" + task.slot(),
                "--start",
                "--no-loop",
                "--endpos=" + task.endLsn(),
                "--file=-",
                "--option=proto_version=1",
                "--option=publication_names=" + task.publication()));
    builder.environment().put("PGPASSWORD", task.password());
    builder.redirectOutput(Redirect.DISCARD).redirectError(Redirect.INHERIT);
    double cpuBefore = ProcessStatus.self().childrenCpuSeconds();
    long begin = System.nanoTime();
    Process process = builder.start();
    ready.run();
    ProcessStatus status = ProcessStatus.of(process.pid());
    long peak = 0;
    while (!process.waitFor(20, TimeUnit.MILLISECONDS)) {
      peak = Math.max(peak, status.peakRssBytes());
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    if (process.exitValue() != 0) {
      throw new IOException("pg_recvlogical ended with exit code " + process.exitValue());
    }
    double cpu = ProcessStatus.self().childrenCpuSeconds() - cpuBefore;
    return new Measurement(task.rows(), 0, 0, seconds, cpu, 0, 0, 0, peak, Map.of());
  }
}
