package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.change.Element;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SubscriptionRequest;
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
  DeliveredTransaction apply(DeliveredTransaction transaction) {
    if (everything) {
      return transaction;
    }
    List<SourceChange> wanted = transaction.changes().stream().flatMap(this::narrow).toList();
    return wanted.size() == transaction.changes().size()
        ? transaction
        : transaction.withChanges(wanted);
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
    return labels.isEmpty()
        ? Optional.empty()
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
