package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.change.Element;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.source.postgres.internal.transaction.CommittedTransaction;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a subscriber wants to see, by the labels of the elements. Immutable. */
final class LabelFilter {
  private final Set<String> nodeLabels;
  private final Set<String> relationLabels;
  private final boolean everything;

  LabelFilter(SubscriptionRequest request) {
    nodeLabels = request.nodeLabels();
    relationLabels = request.relationLabels();
    everything = nodeLabels.isEmpty() && relationLabels.isEmpty();
  }

  /** The transaction as the subscriber sees it; the same object where it sees all of it. */
  CommittedTransaction apply(CommittedTransaction transaction) {
    if (everything) {
      return transaction;
    }
    List<SourceChange> wanted = transaction.changes().stream().flatMap(this::narrow).toList();
    return isSame(wanted, transaction.changes()) ? transaction : transaction.withChanges(wanted);
  }

  /** Those of the elements that the subscriber wants. */
  List<SourceChange.Insert> wanted(List<SourceChange.Insert> elements) {
    return everything
        ? List.copyOf(elements)
        : elements.stream().filter(insert -> wants(insert.element())).toList();
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

  private Stream<SourceChange> narrow(SourceChange change) {
    if (change instanceof SourceChange.Insert insert) {
      return wants(insert.element()) ? Stream.of(change) : Stream.empty();
    }
    if (change instanceof SourceChange.Update update) {
      return wants(update.element()) ? Stream.of(change) : Stream.empty();
    }
    if (change instanceof SourceChange.Delete delete) {
      return wantsAny(delete.metadata().labels()) ? Stream.of(change) : Stream.empty();
    }
    return narrow((SourceChange.Truncate) change).stream();
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

  private boolean wants(Element element) {
    Set<String> wanted = element instanceof Element.Node ? nodeLabels : relationLabels;
    return element.metadata().labels().stream().anyMatch(wanted::contains);
  }

  /** For a change that does not say whether it is about a node or a relation. */
  private boolean wantsAny(List<String> labels) {
    return labels.stream()
        .anyMatch(label -> nodeLabels.contains(label) || relationLabels.contains(label));
  }
}
