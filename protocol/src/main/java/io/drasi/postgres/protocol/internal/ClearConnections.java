package io.drasi.postgres.protocol.internal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of each server once that connections to it are in clear although they might be encrypted.
 * What stays on this machine is only worth a line for who debugs. Thread-safe.
 */
public final class ClearConnections {
  private static final Logger log = LoggerFactory.getLogger(ClearConnections.class);

  /** More servers than anybody connects to, and a bound. */
  private static final int MOST_REMEMBERED = 1000;

  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /** Says that a connection goes on in clear. */
  void note(String address, boolean leavesThisMachine, String why) {
    if (!leavesThisMachine) {
      log.debug("{}: {}; ssl_mode prefer goes on in clear", address, why);
    } else if (told.size() < MOST_REMEMBERED && told.add(address)) {
      log.warn(
          "{}: {}, so connections to it are not encrypted; set ssl_mode to verify-full (or to"
              + " disable, if that is meant)",
          address,
          why);
    }
  }
}
