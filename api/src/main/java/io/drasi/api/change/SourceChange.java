package io.drasi.api.change;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One change to the graph a source describes. */
public sealed interface SourceChange {

  /**
   * An element came into being.
   *
   * @param element the element with every property the source knows
   * @param movedFrom what the element was called before, when it is the second half of a key change
   *     (its first half is the {@link Delete} right before it in the same transaction)
   */
  record Insert(Element element, @Nullable ElementReference movedFrom) implements SourceChange {
    public Insert {
      Objects.requireNonNull(element, "element");
    }

    /** An element that came into being and was known under no other name. */
    public Insert(Element element) {
      this(element, null);
    }
  }

  /**
   * An element has new values. Its reference is the same as before.
   *
   * @param element the element after the change; a property that is absent was not sent and keeps
   *     its value
   * @param before the element before the change, where the database sent the whole of it
   */
  record Update(Element element, @Nullable Element before) implements SourceChange {
    public Update {
      Objects.requireNonNull(element, "element");
    }
  }

  /**
   * An element is gone.
   *
   * @param metadata which one, and since when
   * @param before the element as it was, where the database sent the whole of it
   */
  record Delete(ElementMetadata metadata, @Nullable Element before) implements SourceChange {
    public Delete {
      Objects.requireNonNull(metadata, "metadata");
    }
  }

  /**
   * All elements that carry one of the labels are gone.
   *
   * @param labels the labels whose elements are gone
   * @param cascade whether the statement said {@code CASCADE}; tables emptied by it are listed
   * @param restartIdentity whether the statement said {@code RESTART IDENTITY}
   */
  record Truncate(List<String> labels, boolean cascade, boolean restartIdentity)
      implements SourceChange {
    public Truncate {
      labels = List.copyOf(labels);
    }
  }
}
