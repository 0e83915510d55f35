package io.drasi.bench.client;

import io.debezium.embedded.Connect;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Takes every record from Debezium's embedded engine, and looks at every field. Variants {@code
 * default} and {@code tuned}.
 */
final class DebeziumDrain implements Drain {

  @Override
  public Measurement run(Task task, Meter meter, Runnable ready)
      throws InterruptedException, ExecutionException {
    var measured = new CompletableFuture<Measurement>();
    var taker = new Taker(task, meter, measured);
    DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> engine =
        DebeziumEngine.create(Connect.class)
            .using(properties(task))
            .using(
                (success, message, error) -> {
                  if (!measured.isDone()) {
                    measured.completeExceptionally(
                        new IllegalStateException("Debezium ended: " + message, error));
                  }
                })
            .notifying(taker)
            .build();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    thread.execute(engine);
    ready.run();
    return measured.get(); // the process ends with it: closing takes seconds
  }

  private static Properties properties(Task task) {
    boolean loads = !task.table().isEmpty();
    var properties = new Properties();
    properties.setProperty("name", "bench");
    properties.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
    properties.setProperty(
        "offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
    properties.setProperty("topic.prefix", "bench");
    properties.setProperty("database.hostname", task.host());
    properties.setProperty("database.port", Integer.toString(task.port()));
    properties.setProperty("database.user", task.user());
    properties.setProperty("database.password", task.password());
    properties.setProperty("database.dbname", task.database());
    properties.setProperty("database.sslmode", "disable");
    properties.setProperty("plugin.name", "pgoutput");
    properties.setProperty("publication.name", task.publication());
    properties.setProperty("publication.autocreate.mode", "disabled");
    properties.setProperty("slot.name", loads ? "bench_snapshot" : task.slot());
    properties.setProperty("snapshot.mode", loads ? "initial_only" : "no_data");
    if (loads) {
      properties.setProperty("table.include.list", "public." + task.table());
    }
    if (task.variant().equals("tuned")) {
      properties.setProperty("poll.interval.ms", "1");
      properties.setProperty("max.batch.size", "8192");
      properties.setProperty("max.queue.size", "65536");
      properties.setProperty("snapshot.fetch.size", "20000");
      properties.setProperty("statistics.metrics.enabled", "false");
    }
    return properties;
  }

  /** Confined to the engine's thread. */
  private static final class Taker
      implements DebeziumEngine.ChangeConsumer<ChangeEvent<SourceRecord, SourceRecord>> {
    private final Task task;
    private final Meter meter;
    private final CompletableFuture<Measurement> measured;
    private long rows;

    Taker(Task task, Meter meter, CompletableFuture<Measurement> measured) {
      this.task = task;
      this.meter = meter;
      this.measured = measured;
    }

    @Override
    public void handleBatch(
        List<ChangeEvent<SourceRecord, SourceRecord>> records,
        RecordCommitter<ChangeEvent<SourceRecord, SourceRecord>> committer)
        throws InterruptedException {
      meter.begin();
      for (ChangeEvent<SourceRecord, SourceRecord> record : records) {
        take(record.value());
        committer.markProcessed(record);
      }
      committer.markBatchFinished();
    }

    private void take(SourceRecord record) {
      if (!(record.value() instanceof Struct value)) {
        return; // the tombstone behind a delete
      }
      if (record.topic().endsWith("." + Task.MARKER)) {
        end();
        return;
      }
      rows++;
      Struct after = value.getStruct("after");
      look(after == null ? value.getStruct("before") : after);
      if (task.latency() && after != null && after.getBoolean("measured")) {
        meter.delivered(after.getInt64("due"));
      }
      if (!task.table().isEmpty() && rows == task.rows()) {
        end();
      }
    }

    private void end() {
      if (!measured.isDone()) {
        measured.complete(meter.end(rows));
      }
    }

    private static void look(Struct row) {
      int seen = 0;
      for (Field field : row.schema().fields()) {
        if (row.get(field) != null || field.schema().isOptional()) {
          seen++;
        }
      }
      if (seen != row.schema().fields().size()) {
        throw new IllegalStateException("a value is missing");
      }
    }
  }
}
