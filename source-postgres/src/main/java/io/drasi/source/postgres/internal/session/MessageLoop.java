package io.drasi.source.postgres.internal.session;

import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.replication.ReplicationMessage;
import io.drasi.postgres.protocol.replication.ReplicationMessage.Keepalive;
import io.drasi.postgres.protocol.replication.ReplicationMessage.XLogData;
import io.drasi.source.postgres.internal.delivery.HubSession;
import io.drasi.source.postgres.internal.transaction.PostgresTransaction;
import io.drasi.source.postgres.internal.transaction.ReceivedTransaction;
import io.drasi.source.postgres.internal.transaction.TransactionAssembler;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of each message of a stream: its bytes go to the assembler, the transactions that
 * come of them to the hub, and how far the log has come to the reports.
 *
 * <p>Confined to the replication thread.
 */
final class MessageLoop {
  private static final Logger log = LoggerFactory.getLogger(MessageLoop.class);

  private final String sourceId;
  private final PostgresPosition slot;
  private final StreamCounters counters;
  private final TransactionAssembler assembler;
  private final HubSession handover;
  private final StatusReporter reports;

  /**
   * A loop.
   *
   * @param slot where the stream comes from: server and timeline
   * @param counters counts what is handed over
   * @param assembler makes transactions of messages
   * @param handover takes the transactions
   * @param reports tells the server how far the stream has come
   */
  MessageLoop(
      String sourceId,
      PostgresPosition slot,
      StreamCounters counters,
      TransactionAssembler assembler,
      HubSession handover,
      StatusReporter reports) {
    this.sourceId = sourceId;
    this.slot = slot;
    this.counters = counters;
    this.assembler = assembler;
    this.handover = handover;
    this.reports = reports;
  }

  /**
   * Handles a message.
   *
   * @return false when nobody wants more, or the stream has to start elsewhere
   */
  boolean handle(ReplicationMessage message) throws IOException, InterruptedException {
    if (message instanceof Keepalive keepalive) {
      return advance(keepalive);
    }
    var data = (XLogData) message;
    counters.addBytes(data.payload().remaining());
    reports.received(data.walStart());
    Optional<ReceivedTransaction> received = assembler.accept(data.payload());
    return received.isEmpty() || dispatch(received.get());
  }

  private boolean advance(Keepalive keepalive) {
    Lsn reached = keepalive.walEnd();
    reports.received(reached);
    boolean wanted =
        assembler.isInTransaction()
            || handover.advance(PostgresPosition.after(slot.systemId(), slot.timeline(), reached));
    if (keepalive.replyRequested()) {
      reports.requestReport();
    }
    return wanted;
  }

  private boolean dispatch(ReceivedTransaction received) throws IOException, InterruptedException {
    PostgresTransaction transaction = received.committed();
    try {
      reports.received(transaction.position().endLsn());
      log.debug("{}: {}", sourceId, transaction);
      boolean wanted = handover.dispatch(received);
      if (wanted) {
        counters.addTransaction(transaction.changeCount());
      }
      return wanted;
    } finally {
      transaction.release();
    }
  }
}
