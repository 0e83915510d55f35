package io.drasi.it.faults;

import io.drasi.it.support.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;

/** Somebody else who streams from the slot of a database's source, and confirms nothing. */
final class OtherStream implements AutoCloseable {
  private final Connection connection;

  private OtherStream(Connection connection) {
    this.connection = connection;
  }

  /** Begins. */
  static OtherStream begin(TestDatabase database) throws SQLException {
    var properties = new Properties();
    PGProperty.USER.set(properties, database.server().superuser());
    PGProperty.PASSWORD.set(properties, database.server().superuserPassword());
    PGProperty.REPLICATION.set(properties, "database");
    PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "13");
    Connection connection =
        DriverManager.getConnection(
            "jdbc:postgresql://%s:%d/%s"
                .formatted(database.server().host(), database.server().port(), database.name()),
            properties);
    connection
        .unwrap(PGConnection.class)
        .getReplicationAPI()
        .replicationStream()
        .logical()
        .withSlotName(database.slot())
        .withSlotOption("proto_version", 1)
        .withSlotOption("publication_names", "drasi_publication")
        .start();
    return new OtherStream(connection);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
