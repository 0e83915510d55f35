package io.drasi.bench.client;

import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import io.drasi.postgres.protocol.SslMode;
import io.drasi.postgres.protocol.auth.Password;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.replication.ReplicationCommands;
import io.drasi.postgres.protocol.replication.ReplicationMessage;
import io.drasi.postgres.protocol.replication.ReplicationMessage.Keepalive;
import io.drasi.postgres.protocol.replication.ReplicationMessage.XLogData;
import io.drasi.postgres.protocol.replication.ReplicationStream;
import io.drasi.postgres.protocol.replication.SlotName;
import io.drasi.postgres.protocol.replication.StandbyStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the stream and throws it away. Variants {@code text} and {@code binary}. */
final class RawStream implements Drain {

  @Override
  public Measurement run(Task task, Meter meter, Runnable ready) throws IOException {
    try (Session session = connect(task, SessionMode.REPLICATION)) {
      ReplicationStream stream =
          new ReplicationCommands(session)
              .start(new SlotName(task.slot()), Lsn.NONE, options(task));
      ready.run();
      var messages = new RawMessages(task, meter);
      while (!messages.ended()) {
        ReplicationMessage message = stream.receive();
        if (message instanceof XLogData data) {
          FieldReader in = data.payload();
          messages.accept(ByteBuffer.wrap(in.array(), in.position(), in.remaining()));
        } else if (message instanceof Keepalive keepalive && keepalive.replyRequested()) {
          stream.report(
              new StandbyStatus(keepalive.walEnd(), Lsn.NONE, Lsn.NONE, Instant.now(), false));
        }
      }
      return meter.end(messages.rows());
    }
  }

  private static Map<String, String> options(Task task) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("proto_version", "1");
    options.put("publication_names", task.publication());
    if (task.variant().equals("binary")) {
      options.put("binary", "true");
    }
    return options;
  }

  static Session connect(Task task, SessionMode mode) throws IOException {
    ConnectionConfig config =
        ConnectionConfig.builder()
            .withHost(task.host())
            .withPort(task.port())
            .withDatabase(task.database())
            .withUser(task.user())
            .withPassword(Password.of(task.password()))
            .withSslMode(SslMode.DISABLE)
            .build();
    return Connector.create().connect(config, mode);
  }
}
