package io.drasi.api.source;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A place in a source's stream of changes. Opaque to subscribers, who store it with their own data
 * and hand it back. Immutable; equal positions have equal byte and printed forms.
 *
 * <p>Positions of one source are ordered. {@link #compareTo} throws {@link
 * IllegalArgumentException} for positions that have no order, such as those of two databases.
 */
@ProviderType
public interface SourcePosition extends Comparable<SourcePosition> {

  /** The position as bytes, to be read by {@link Source#parsePosition(byte[])}. */
  byte[] toBytes();

  /** The position in print, to be read by {@link Source#parsePosition(String)} and by operators. */
  @Override
  String toString();
}
