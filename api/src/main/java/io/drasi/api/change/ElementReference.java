package io.drasi.api.change;

import java.util.Objects;

/**
 * What an element is called: unique over all sources of a host.
 *
 * @param sourceId the id of the source it comes from
 * @param elementId its name within that source, for example {@code users:12345}
 */
public record ElementReference(String sourceId, String elementId) {
  public ElementReference {
    Objects.requireNonNull(sourceId, "sourceId");
    Objects.requireNonNull(elementId, "elementId");
  }
}
