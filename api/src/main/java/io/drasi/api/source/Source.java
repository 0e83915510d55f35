package io.drasi.api.source;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A source of changes, as a subscriber sees it. Thread-safe.
 *
 * <p>Its owner sees it as a {@link ManagedSource}.
 */
@ProviderType
public interface Source {

  /** The source's id, unique in its host; the {@code sourceId} of all its elements. */
  String id();

  /** The kind of source, for example {@code postgres}. */
  String kind();

  /** Whether subscribers may ask for a bootstrap. */
  boolean canBootstrap();

  /** What the source is doing now. */
  SourceStatus status();

  /** What the source has done so far: a snapshot of its counters. */
  SourceMetrics metrics();

  /**
   * Subscribes to the changes. Works in every state of the source; a subscription made before the
   * start begins with the source's first change, a later one where the source is then; one that
   * resumes begins where it left off. One that wants a bootstrap gets the elements that exist
   * first.
   *
   * @param request who subscribes, and to what
   * @return the subscription; it survives stop, start and reconnects of the source
   * @throws PositionUnavailableException when it is known already that it cannot resume there;
   *     where it shows later, the subscription ends with this exception
   * @throws SourceException when the subscriber id is in use, the source is closed, or a bootstrap
   *     is wanted that nobody provides
   */
  Subscription subscribe(SubscriptionRequest request);

  /**
   * Reads a position that this source has printed.
   *
   * @param printed what {@link SourcePosition#toString} gave
   * @throws IllegalArgumentException when it is not a position of this kind of source
   */
  SourcePosition parsePosition(String printed);

  /**
   * Reads a position from its byte form.
   *
   * @param bytes what {@link SourcePosition#toBytes} gave
   * @throws IllegalArgumentException when it is not a position of this kind of source
   */
  SourcePosition parsePosition(byte[] bytes);
}
