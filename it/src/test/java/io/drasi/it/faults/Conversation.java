package io.drasi.it.faults;

/**
 * What both directions of a connection know of it. Each value is written before the bytes that make
 * the other side speak are passed on.
 */
final class Conversation {
  /** Whether the client has asked for TLS, and the server has not answered. */
  volatile boolean asked;

  /** Whether records of TLS follow. */
  volatile boolean encrypted;

  /** Whether the start-up message was sent, so that messages have types. */
  volatile boolean started;

  /** Whether it is a replication stream. */
  volatile boolean streams;

  /** What it is for. */
  volatile Role role = Role.NEW;
}
