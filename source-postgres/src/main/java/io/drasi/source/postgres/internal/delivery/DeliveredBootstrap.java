package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SourceEvent;
import io.drasi.postgres.decoder.position.PostgresPosition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The events of a bootstrap. */
final class DeliveredBootstrap {
  private DeliveredBootstrap() {}

  /** It begins. */
  record Started() implements SourceEvent.BootstrapStarted {}

  /**
   * Some elements.
   *
   * @param changes the elements
   * @param memoryBytes how many bytes of memory they take, about
   */
  record Batch(List<SourceChange.Insert> changes, long memoryBytes)
      implements SourceEvent.BootstrapBatch {

    Batch(List<SourceChange.Insert> changes) {
      this(changes, ElementMemory.bytesOf(changes));
    }

    /** Without the elements, which hold rows. */
    @Override
    public String toString() {
      return "Batch[%d elements]".formatted(changes.size());
    }
  }

  /**
   * How far it is.
   *
   * @param count how many elements were loaded
   * @param estimatedTotal how many there may be
   * @param elapsed since it began
   * @param waitingFor what it waits for
   */
  record Progress(
      long count, OptionalLong estimatedTotal, Duration elapsed, Optional<String> waitingFor)
      implements SourceEvent.BootstrapProgress {}

  /**
   * It is complete.
   *
   * @param count how many elements there were
   * @param position where the stream goes on
   * @param bootstrap which of the subscriber's bootstraps: its {@link CatchUp#bootstrap}
   */
  record Completed(long count, PostgresPosition position, int bootstrap)
      implements SourceEvent.BootstrapCompleted {}
}
