package io.drasi.api.source;

import org.osgi.annotation.versioning.ProviderType;

/** A source as its owner sees it: what starts, stops and removes it. Thread-safe. */
@ProviderType
public interface ManagedSource extends Source, AutoCloseable {

  /** Whether the configuration wants the owner to start the source at once. */
  boolean autoStart();

  /**
   * Starts the source and returns at once; {@link #status} tells what becomes of it. Without effect
   * while it runs. A source that failed may be started again.
   *
   * @throws SourceException when the source is closed
   */
  void start();

  /**
   * Stops the source: reports what is acknowledged, ends the connection and the threads. Returns
   * within a second. Subscriptions stay, and go on after the next start.
   */
  void stop();

  /**
   * Forgets a subscriber that has gone away without having acknowledged everything, so that it no
   * longer holds the source back. Without effect for an unknown id.
   *
   * @throws SourceException when the subscriber is still subscribed
   */
  void forget(String subscriberId);

  /**
   * Removes what the source left in the database (for PostgreSQL its replication slot). Stops the
   * source first. What subscribers have not acknowledged is lost to them.
   *
   * @throws SourceException when the database cannot be reached or refuses, or when the source is
   *     stopped or closed before the database has answered
   */
  void deprovision();

  /**
   * Adds a listener for changes of the status. It is called in order, on a thread of the source's
   * own that does nothing else.
   *
   * @return closing it removes the listener
   */
  Registration addStatusListener(SourceStatusListener listener);

  /** Stops the source and ends its subscriptions. What it left in the database stays. */
  @Override
  void close();

  /** A registration; closing it ends it. */
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
