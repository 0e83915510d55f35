package io.drasi.postgres.protocol;

import io.drasi.postgres.protocol.internal.GiveUp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the wanted one of several servers, in their order. One that cannot be reached, or has
 * no room, or is another than wanted, is passed over; one that refuses the client ends the search,
 * since the others would refuse it too (as libpq has it).
 *
 * <p>Confined to the thread that connects.
 */
final class ServerSearch {
  private final ConnectionConfig config;
  private final Opening opening;
  private final GiveUp giveUp;
  private final List<String> passedOver = new ArrayList<>();
  private final List<IOException> failures = new ArrayList<>();

  /** Opens a session with one server. */
  interface Opening {
    Session open(ConnectionConfig server) throws IOException;
  }

  ServerSearch(ConnectionConfig config, Opening opening, GiveUp giveUp) {
    this.config = config;
    this.opening = opening;
    this.giveUp = giveUp;
  }

  /** The session with the first server that will do. */
  Session run() throws IOException {
    for (TargetSession wanted : rounds(config.target())) {
      for (ServerAddress server : config.servers()) {
        if (!giveUp.isGiven()) {
          Session session = tryOne(server, wanted);
          if (session != null) {
            return session;
          }
        }
      }
    }
    if (passedOver.isEmpty()) {
      throw new ConnectionException(
          "the connection to %s was given up".formatted(config.address()), null);
    }
    if (failures.size() == 1 && passedOver.size() == 1) {
      throw failures.get(0);
    }
    throw new ConnectionException(
        String.join("; ", passedOver.stream().distinct().toList()),
        failures.isEmpty() ? null : failures.get(0));
  }

  private static List<TargetSession> rounds(TargetSession target) {
    return target == TargetSession.PREFER_STANDBY
        ? List.of(TargetSession.STANDBY, TargetSession.ANY)
        : List.of(target);
  }

  /** A session, or null where another server is to be tried. */
  private @Nullable Session tryOne(ServerAddress server, TargetSession wanted) throws IOException {
    try {
      Session session = opening.open(config.at(server));
      try {
        if (fits(session, wanted)) {
          return session;
        }
      } catch (Throwable e) {
        session.close();
        throw e;
      }
      session.close();
      passedOver.add("%s is not %s".formatted(server, described(wanted)));
    } catch (ConnectionException e) {
      note(e);
    } catch (ServerErrorException e) {
      if (!e.isOfClass("53") && !e.isOfClass("57")) {
        throw e;
      }
      note(e);
    }
    return null;
  }

  private void note(IOException e) {
    failures.add(e);
    passedOver.add(String.valueOf(e.getMessage()));
  }

  private static String described(TargetSession wanted) {
    return switch (wanted) {
      case READ_WRITE -> "writable (target_session_attrs read-write)";
      case READ_ONLY -> "read-only (target_session_attrs read-only)";
      case PRIMARY -> "a primary (target_session_attrs primary)";
      default -> "a standby (target_session_attrs standby)";
    };
  }

  private boolean fits(Session session, TargetSession wanted) throws IOException {
    if (wanted == TargetSession.ANY) {
      return true;
    }
    session.setAnswerTimeout(config.loginTimeout());
    QueryResult answer =
        session
            .query(
                "SELECT pg_catalog.pg_is_in_recovery() AS standby,"
                    + " pg_catalog.current_setting('transaction_read_only') AS read_only")
            .get(0);
    session.setAnswerTimeout(AnswerLimit.DEFAULT);
    boolean standby = answer.required(0, "standby").equals("t");
    boolean readOnly = answer.required(0, "read_only").equals("on");
    return switch (wanted) {
      case READ_WRITE -> !readOnly;
      case READ_ONLY -> readOnly;
      case PRIMARY -> !standby;
      default -> standby;
    };
  }
}
