package io.drasi.api.change;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.osgi.annotation.versioning.ProviderType;

/** What an element is called, which labels it carries, and since when it is so. Immutable. */
@ProviderType
public final class ElementMetadata {
  private final ElementReference reference;
  private final List<String> labels;
  private final Instant effectiveFrom;

  private ElementMetadata(ElementReference reference, List<String> labels, Instant effectiveFrom) {
    this.reference = reference;
    this.labels = labels;
    this.effectiveFrom = effectiveFrom;
  }

  /**
   * Metadata of an element.
   *
   * @param reference what it is called
   * @param labels the labels it carries
   * @param effectiveFrom since when it is as described: for a database, the commit time
   */
  public static ElementMetadata of(
      ElementReference reference, List<String> labels, Instant effectiveFrom) {
    Objects.requireNonNull(reference, "reference");
    Objects.requireNonNull(effectiveFrom, "effectiveFrom");
    return new ElementMetadata(reference, List.copyOf(labels), effectiveFrom);
  }

  /** What the element is called. */
  public ElementReference reference() {
    return reference;
  }

  /** The labels the element carries, in the source's order; immutable. */
  public List<String> labels() {
    return labels;
  }

  /** Since when the element is as described; exact to the microsecond where the source is. */
  public Instant effectiveFrom() {
    return effectiveFrom;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ElementMetadata that
        && reference.equals(that.reference)
        && labels.equals(that.labels)
        && effectiveFrom.equals(that.effectiveFrom);
  }

  @Override
  public int hashCode() {
    return Objects.hash(reference, labels, effectiveFrom);
  }

  @Override
  public String toString() {
    return reference.elementId() + labels + "@" + effectiveFrom;
  }
}
