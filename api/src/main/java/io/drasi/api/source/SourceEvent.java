package io.drasi.api.source;

import io.drasi.api.change.SourceChange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What a subscription delivers. The events of one subscription are in one order.
 *
 * <p>More kinds of events may come: a handler needs a default branch.
 */
@ProviderType
public interface SourceEvent {

  /** A committed transaction, whole. Never empty of changes for its subscriber. */
  @ProviderType
  interface Transaction extends SourceEvent {

    /** The position right after the transaction: acknowledge it when the changes are durable. */
    SourcePosition position();

    /** The database's number for the transaction. */
    long xid();

    /** When it was committed, by the database's clock; exact to the microsecond. */
    Instant commitTime();

    /**
     * The changes in the order in which they were made. May be iterated more than once, by several
     * threads, until the transaction is acknowledged or its subscription ends; a large one cannot
     * be read any more then, and its iterators throw {@link IllegalStateException}. Where the
     * changes cannot be read for another reason they throw {@link SourceException}, and the
     * subscription ends.
     */
    Iterable<SourceChange> changes();
  }

  /**
   * Nothing for this subscriber up to a position. Comes to {@link Acknowledgement#MANUAL}
   * subscribers only, coalesced; acknowledging it lets the database forget what is of no concern
   * here.
   */
  @ProviderType
  interface Progress extends SourceEvent {

    /** The position up to which there was nothing. */
    SourcePosition position();
  }

  /**
   * The subscriber was too slow for a {@link DispatchMode#BROADCAST} source, and transactions were
   * left out.
   */
  @ProviderType
  interface Lagged extends SourceEvent {

    /** How many transactions were left out here. */
    long missedTransactions();

    /** How many changes they held. */
    long missedChanges();

    /** The position after the last of them; the stream goes on from there. */
    SourcePosition position();
  }

  /**
   * Changes are lost for good, as the database has not kept them, and the source goes on behind
   * them. A bootstrap follows. Comes where the source was told to go on; otherwise it fails.
   */
  @ProviderType
  interface Resynchronizing extends SourceEvent {

    /** What has happened, in words. */
    String reason();
  }

  /**
   * A bootstrap begins: the elements that exist already will follow. What the subscriber has of the
   * source is void, that of an earlier bootstrap which was broken off included.
   */
  @ProviderType
  interface BootstrapStarted extends SourceEvent {}

  /** Some of the elements that exist before the first transaction. */
  @ProviderType
  interface BootstrapBatch extends SourceEvent {

    /** The elements; not empty. */
    List<SourceChange.Insert> changes();
  }

  /** How far the bootstrap is. Comes now and then, and only the newest one is kept. */
  @ProviderType
  interface BootstrapProgress extends SourceEvent {

    /** How many elements were loaded so far. */
    long count();

    /** How many there may be in all; empty when unknown. */
    OptionalLong estimatedTotal();

    /** How long the bootstrap has taken so far. */
    Duration elapsed();

    /** What it waits for before it can begin, in words; empty when it does not wait. */
    Optional<String> waitingFor();
  }

  /** All elements were delivered; transactions follow. */
  @ProviderType
  interface BootstrapCompleted extends SourceEvent {

    /** How many elements there were. */
    long count();

    /** The position the elements belong to; every later transaction follows, no earlier one. */
    SourcePosition position();
  }
}
