package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.source.postgres.internal.transaction.ChangeFilter;
import io.drasi.source.postgres.internal.transaction.ChangeSubject;
import io.drasi.source.postgres.internal.transaction.CommittedTransaction;
import io.drasi.source.postgres.internal.transaction.PostgresTransaction;
import io.drasi.source.postgres.internal.transaction.SpilledTransaction;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a subscriber wants to see, by the labels of the elements. Immutable. */
final class LabelFilter implements ChangeFilter {
  private final Set<String> nodeLabels;
  private final Set<String> relationLabels;
  private final boolean everything;

  LabelFilter(SubscriptionRequest request) {
    nodeLabels = request.nodeLabels();
    relationLabels = request.relationLabels();
    everything = nodeLabels.isEmpty() && relationLabels.isEmpty();
  }

  /** The transaction as the subscriber sees it; to be released where the subscriber will not. */
  PostgresTransaction apply(PostgresTransaction transaction) {
    return transaction instanceof SpilledTransaction spilled
        ? spilled.as(this)
        : apply((CommittedTransaction) transaction);
  }

  /** The transaction as the subscriber sees it; the same object where it sees all of it. */
  CommittedTransaction apply(CommittedTransaction transaction) {
    if (everything) {
      return transaction;
    }
    List<SourceChange> wanted =
        transaction.changes().stream().flatMap(change -> narrow(change).stream()).toList();
    return isSame(wanted, transaction.changes()) ? transaction : transaction.withChanges(wanted);
  }

  /** Those of the elements that the subscriber wants. */
  List<SourceChange.Insert> wanted(List<SourceChange.Insert> elements) {
    return everything
        ? List.copyOf(elements)
        : elements.stream().filter(insert -> wants(ChangeSubject.of(insert))).toList();
  }

  /** Whether nothing was left out or narrowed; compares no values. */
  private static boolean isSame(List<SourceChange> wanted, List<SourceChange> all) {
    if (wanted.size() != all.size()) {
      return false;
    }
    for (int i = 0; i < all.size(); i++) {
      if (!isSame(wanted.get(i), all.get(i))) {
        return false;
      }
    }
    return true;
  }

  @SuppressWarnings("ReferenceEquality") // a change that is not narrowed is handed on itself
  private static boolean isSame(SourceChange wanted, SourceChange change) {
    return wanted == change;
  }

  @Override
  public Optional<SourceChange> narrow(SourceChange change) {
    if (everything) {
      return Optional.of(change);
    }
    if (change instanceof SourceChange.Truncate truncate) {
      return narrow(truncate);
    }
    return wants(ChangeSubject.of(change)) ? Optional.of(change) : Optional.empty();
  }

  private Optional<SourceChange> narrow(SourceChange.Truncate truncate) {
    List<String> labels =
        truncate.labels().stream().filter(label -> wantsAny(List.of(label))).toList();
    if (labels.isEmpty()) {
      return Optional.empty();
    }
    return labels.size() == truncate.labels().size()
        ? Optional.of(truncate)
        : Optional.of(
            new SourceChange.Truncate(labels, truncate.cascade(), truncate.restartIdentity()));
  }

  @Override
  public boolean wants(ChangeSubject subject) {
    return everything
        || switch (subject.kind()) {
          case NODE -> subject.labels().stream().anyMatch(nodeLabels::contains);
          case RELATION -> subject.labels().stream().anyMatch(relationLabels::contains);
          case EITHER -> wantsAny(subject.labels());
        };
  }

  /** For a change that does not say whether it is about a node or a relation. */
  private boolean wantsAny(List<String> labels) {
    return labels.stream()
        .anyMatch(label -> nodeLabels.contains(label) || relationLabels.contains(label));
  }
}
