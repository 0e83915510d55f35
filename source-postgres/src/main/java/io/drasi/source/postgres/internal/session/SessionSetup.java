package io.drasi.source.postgres.internal.session;

import io.drasi.api.source.SourceException;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.position.TimelineHistory;
import io.drasi.postgres.decoder.row.TableIdentity;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.postgres.decoder.value.TypeCodecs;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.Sql;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.replication.ReplicationCommands;
import io.drasi.postgres.protocol.replication.SystemIdentity;
import io.drasi.source.postgres.PostgresSourceConfig;
import io.drasi.source.postgres.Streaming;
import io.drasi.source.postgres.internal.delivery.StreamOrigin;
import io.drasi.source.postgres.internal.delivery.SubscriptionHub;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is looked at on a new connection before anything is streamed. What only the operator can
 * mend is a {@link SourceException} whose message tells how.
 *
 * <p>Confined to the replication thread.
 */
final class SessionSetup {
  private static final Logger log = LoggerFactory.getLogger(SessionSetup.class);

  /** Since then the server can be asked for values in the binary format. */
  private static final int BINARY_SINCE = 14;

  /** Since then it can be asked for transactions before they commit. */
  private static final int STREAMING_SINCE = 14;

  /** Since then also in the way that suits subscribers who apply them in parallel. */
  private static final int PARALLEL_SINCE = 16;

  private final PostgresSourceConfig config;
  private final StreamFormat format;
  private final OpenConnections connections;
  private final Session session;
  private final ReplicationCommands commands;
  private final Catalog catalog;
  private final SetupRules rules;

  SessionSetup(
      PostgresSourceConfig config,
      StreamFormat format,
      OpenConnections connections,
      Session session) {
    this.config = config;
    this.connections = connections;
    this.format = format;
    this.session = session;
    this.commands = new ReplicationCommands(session);
    this.catalog = new Catalog(session);
    this.rules = new SetupRules(config, session);
  }

  /**
   * What the look has found.
   *
   * @param origin where the stream comes from
   * @param identities what identifies the rows of the publication's tables
   * @param types the types of the publication's columns
   * @param binary whether values are to come in the binary format
   * @param streaming whether transactions are to come before they commit, as far as the server can
   * @param walSenderTimeout after what silence the server gives the connection up; zero is never
   */
  record Outcome(
      StreamOrigin origin,
      Map<TableName, TableIdentity> identities,
      TypeCodecs types,
      boolean binary,
      Streaming streaming,
      Duration walSenderTimeout) {

    /** What the output plugin is told when the stream starts. */
    Map<String, String> startOptions(String publicationName) {
      Map<String, String> options = new LinkedHashMap<>();
      switch (streaming) {
        case OFF -> options.put("proto_version", "1");
        case ON -> {
          options.put("proto_version", "2");
          options.put("streaming", "on");
        }
        case PARALLEL -> {
          options.put("proto_version", "4");
          options.put("streaming", "parallel");
        }
      }
      options.put("publication_names", Sql.identifier(publicationName));
      if (binary) {
        options.put("binary", "true");
      }
      return options;
    }
  }

  /**
   * Looks, and creates the slot where there is none.
   *
   * @param hub who is to be streamed to
   * @param waiting is told what is waited for, in words
   */
  Outcome run(SubscriptionHub hub, Consumer<String> waiting) throws IOException {
    require(rules.version());
    require(rules.failover());
    require(rules.walLevel());
    SetupRules.Publication publication = rules.publication();
    require(publication.problems().stream().findFirst());
    List<Integer> used = catalog.typesUsedBy(config.publicationName());
    TypeCodecs types = types(used);
    Lsn slot =
        new SlotCheck(config, connections, session, waiting).run(hub.isSlotUsed(), hub.hasLost());
    rules.synchronousStandby().ifPresent(this::warn);
    if (hub.position().isEmpty()) {
      rules.partitions().ifPresent(this::warn); // once is enough
    }
    Duration timeout = new WalSenderTimeout(session).establish();
    return new Outcome(
        origin(slot, hub.revision()),
        publication.identities(),
        types,
        isBinary(used, types),
        streaming(),
        timeout);
  }

  private void warn(String what) {
    log.warn("{}: {}", config.id(), what);
  }

  private TypeCodecs types(List<Integer> used) throws IOException {
    var builtIn = TypeCodecs.of(format.codecs());
    Set<Integer> unknown = builtIn.unknown(used);
    return unknown.isEmpty() ? builtIn : builtIn.with(catalog.types(unknown));
  }

  /**
   * It is asked for once for all tables, so that all types of all columns have to be understood.
   */
  private boolean isBinary(List<Integer> used, TypeCodecs types) {
    return format.binaryAllowed()
        && session.serverVersion().isAtLeast(BINARY_SINCE)
        && used.stream().allMatch(oid -> types.codec(oid).binary().isPresent());
  }

  private Streaming streaming() {
    if (!session.serverVersion().isAtLeast(STREAMING_SINCE)) {
      return Streaming.OFF;
    }
    return format.streaming() == Streaming.PARALLEL
            && !session.serverVersion().isAtLeast(PARALLEL_SINCE)
        ? Streaming.ON
        : format.streaming();
  }

  private StreamOrigin origin(Lsn slot, long asOf) throws IOException {
    SystemIdentity system = commands.identifySystem();
    TimelineHistory history =
        system.timeline() == 1
            ? TimelineHistory.none(1)
            : TimelineHistory.parse(system.timeline(), commands.timelineHistory(system.timeline()));
    var position =
        PostgresPosition.after(Long.parseUnsignedLong(system.systemId()), system.timeline(), slot);
    return new StreamOrigin(position, system.flushed(), history, asOf);
  }

  private static void require(Optional<Problem> problem) {
    if (problem.isPresent()) {
      throw problem.get().toException();
    }
  }
}
