package io.drasi.postgres.protocol;

import java.util.Optional;

/**
 * How a session is protected.
 *
 * @param tls the version of TLS and the cipher suite; empty in clear
 * @param authentication how the client has proved who it is: {@code none}, {@code password}, or the
 *     name of a SASL mechanism
 * @param leavesThisMachine whether the connection goes over a network
 */
public record SessionSecurity(
    Optional<String> tls, String authentication, boolean leavesThisMachine) {}
