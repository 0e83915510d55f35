package io.drasi.api.source;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Who subscribes, and to what. Immutable; made by a {@link #builder}. */
@ProviderType
public final class SubscriptionRequest {
  private final String subscriberId;
  private final Set<String> nodeLabels;
  private final Set<String> relationLabels;
  private final Acknowledgement acknowledgement;
  private final boolean bootstrap;
  private final @Nullable SourcePosition resumeFrom;

  private SubscriptionRequest(Builder builder) {
    this.subscriberId = builder.subscriberId;
    this.nodeLabels = builder.nodeLabels;
    this.relationLabels = builder.relationLabels;
    this.acknowledgement = builder.acknowledgement;
    this.bootstrap = builder.bootstrap;
    this.resumeFrom = builder.resumeFrom;
  }

  /** A request of a subscriber for everything, acknowledged automatically. */
  public static SubscriptionRequest of(String subscriberId) {
    return builder(subscriberId).build();
  }

  /**
   * A builder of a request.
   *
   * @param subscriberId the subscriber's (for Drasi: the query's) id, unique among the source's
   *     subscribers; it stays the same when the subscriber comes back
   */
  public static Builder builder(String subscriberId) {
    return new Builder(subscriberId);
  }

  /** The subscriber's id. */
  public String subscriberId() {
    return subscriberId;
  }

  /** The labels of the nodes wanted. */
  public Set<String> nodeLabels() {
    return nodeLabels;
  }

  /** The labels of the relations wanted. Both sets empty means everything. */
  public Set<String> relationLabels() {
    return relationLabels;
  }

  /** When what the subscriber took counts as done. */
  public Acknowledgement acknowledgement() {
    return acknowledgement;
  }

  /** Whether the elements that exist already are wanted, before the changes to them. */
  public boolean bootstrap() {
    return bootstrap;
  }

  /** The position after which the changes are wanted; empty means from now on. */
  public Optional<SourcePosition> resumeFrom() {
    return Optional.ofNullable(resumeFrom);
  }

  /** Builds a {@link SubscriptionRequest}. Not thread-safe. */
  public static final class Builder {
    private final String subscriberId;
    private Set<String> nodeLabels = Set.of();
    private Set<String> relationLabels = Set.of();
    private Acknowledgement acknowledgement = Acknowledgement.AUTO;
    private boolean bootstrap;
    private @Nullable SourcePosition resumeFrom;

    private Builder(String subscriberId) {
      this.subscriberId = Objects.requireNonNull(subscriberId, "subscriberId");
      if (subscriberId.isBlank()) {
        throw new IllegalArgumentException("subscriberId must not be blank");
      }
    }

    /** The labels of the nodes wanted; empty (the default), with no relation labels, means all. */
    public Builder withNodeLabels(Set<String> labels) {
      nodeLabels = Set.copyOf(labels);
      return this;
    }

    /** The labels of the relations wanted; empty (the default), with no node labels, means all. */
    public Builder withRelationLabels(Set<String> labels) {
      relationLabels = Set.copyOf(labels);
      return this;
    }

    /** When what the subscriber took counts as done; {@code AUTO} by default. */
    public Builder withAcknowledgement(Acknowledgement acknowledgement) {
      this.acknowledgement = Objects.requireNonNull(acknowledgement, "acknowledgement");
      return this;
    }

    /**
     * Whether the elements that exist already are wanted, before the changes to them; false by
     * default. Without effect where {@link #withResumeFrom} names a position: who resumes has them.
     */
    public Builder withBootstrap(boolean bootstrap) {
      this.bootstrap = bootstrap;
      return this;
    }

    /**
     * The position up to which the subscriber has all changes, taken from an event and stored with
     * the subscriber's own data; null, the default, means that there is none. Use {@code MANUAL}
     * acknowledgement with it, or the source may have let go of what comes after.
     */
    public Builder withResumeFrom(@Nullable SourcePosition position) {
      this.resumeFrom = position;
      return this;
    }

    /** The request. */
    public SubscriptionRequest build() {
      return new SubscriptionRequest(this);
    }
  }
}
