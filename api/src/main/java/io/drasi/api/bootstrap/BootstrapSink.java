package io.drasi.api.bootstrap;

import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SourcePosition;
import java.util.List;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;

/** Takes what a provider loads, and is told how far it is. Called on the bootstrap's own thread. */
@ProviderType
public interface BootstrapSink {

  /**
   * Hands over elements, as inserts; waits while the subscriber is slow.
   *
   * @param batch the elements in order; not empty
   * @throws InterruptedException when the bootstrap is cancelled
   */
  void accept(List<SourceChange.Insert> batch) throws InterruptedException;

  /**
   * Tells the position that the elements belong to, as soon as it is known: that of the {@linkplain
   * BootstrapResult#position() result}, or one before it. What comes up to there need not be kept
   * for the subscriber. Should the bootstrap begin anew, its elements must not belong to an earlier
   * position.
   *
   * @param position a position of the source's stream
   * @throws BootstrapException when it is none
   */
  default void position(SourcePosition position) {}

  /**
   * Tells how far the bootstrap is, now and then. Ignored where nobody wants to know.
   *
   * @param count how many elements were loaded so far
   * @param estimatedTotal how many there may be in all; empty when unknown
   */
  default void progress(long count, OptionalLong estimatedTotal) {}

  /**
   * Tells what the bootstrap waits for before it can begin; elements that come end the waiting.
   * Ignored where nobody wants to know.
   *
   * @param what it waits for, in words, with what ends it
   */
  default void waitingFor(String what) {}
}
