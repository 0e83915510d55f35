package io.drasi.bench.client;

import io.drasi.api.bootstrap.BootstrapProvider;
import io.drasi.api.bootstrap.BootstrapRequest;
import io.drasi.api.bootstrap.BootstrapSink;
import io.drasi.api.change.SourceChange;
import io.drasi.bootstrap.postgres.PostgresBootstrapProvider;
import io.drasi.postgres.protocol.SslMode;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Loads a table by this project's provider over one connection, and looks at every property. */
final class DrasiLoad implements Drain {

  @Override
  public Measurement run(Task task, Meter meter, Runnable ready) throws InterruptedException {
    BootstrapProvider provider =
        PostgresBootstrapProvider.builder()
            .withHost(task.host())
            .withPort(task.port())
            .withDatabase(task.database())
            .withUser(task.user())
            .withPassword(task.password())
            .withSslMode(SslMode.DISABLE)
            .withPublicationName(task.publication())
            .withTables(List.of(task.table()))
            .build();
    ready.run();
    meter.begin();
    var rows = new AtomicLong();
    BootstrapSink sink =
        batch -> {
          for (SourceChange.Insert insert : batch) {
            Materialized.look(insert.element().properties());
          }
          rows.addAndGet(batch.size());
        };
    provider.bootstrap(BootstrapRequest.of("bench", "bench", Set.of(), Set.of()), sink);
    return meter.end(rows.get());
  }
}
