package io.drasi.bench.client;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;

/** Reads the stream by the JDBC driver, and throws it away. */
final class JdbcStream implements Drain {

  @Override
  public Measurement run(Task task, Meter meter, Runnable ready) throws Exception {
    var properties = new Properties();
    properties.setProperty("user", task.user());
    properties.setProperty("password", task.password());
    properties.setProperty("replication", "database");
    properties.setProperty("preferQueryMode", "simple");
    properties.setProperty("assumeMinServerVersion", "10");
    String url = "jdbc:postgresql://%s:%d/%s".formatted(task.host(), task.port(), task.database());
    try (Connection connection = DriverManager.getConnection(url, properties);
        PGReplicationStream stream =
            connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(task.slot())
                .withSlotOption("proto_version", 1)
                .withSlotOption("publication_names", task.publication())
                .start()) {
      ready.run();
      var messages = new RawMessages(task, meter);
      while (!messages.ended()) {
        ByteBuffer message = stream.read();
        if (message != null) {
          messages.accept(message);
        }
      }
      Measurement measurement = meter.end(messages.rows());
      return measurement;
    }
  }
}
