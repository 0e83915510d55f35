package io.drasi.source.postgres.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.source.postgres.internal.transaction.CommittedTransaction;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LabelFilterTest {
  private static final SourceChange USER = Changes.insert("users");
  private static final SourceChange ORDER = Changes.insert("orders");
  private static final SourceChange KNOWS = new SourceChange.Insert(Changes.relation("knows"));

  private static List<SourceChange> seen(LabelFilter filter, SourceChange... changes) {
    return filter.apply(Changes.transaction(1, changes)).changes();
  }

  private static LabelFilter nodes(String... labels) {
    return new LabelFilter(SubscriptionRequest.builder("q").withNodeLabels(Set.of(labels)).build());
  }

  private static LabelFilter relations(String... labels) {
    return new LabelFilter(
        SubscriptionRequest.builder("q").withRelationLabels(Set.of(labels)).build());
  }

  @Test
  void withoutLabelsEverythingIsSeenAndNothingCopied() {
    CommittedTransaction transaction = Changes.transaction(1, USER, KNOWS);
    assertThat(new LabelFilter(SubscriptionRequest.of("q")).apply(transaction))
        .isSameAs(transaction);
  }

  @Test
  void keepsTheOrderOfWhatIsWanted() {
    assertThat(seen(nodes("users"), ORDER, USER, KNOWS, USER)).containsExactly(USER, USER);
    assertThat(seen(relations("knows"), ORDER, KNOWS, USER)).containsExactly(KNOWS);
  }

  @Test
  void copiesNothingWhereAllIsWanted() {
    CommittedTransaction transaction = Changes.transaction(1, USER, ORDER);
    assertThat(nodes("users", "orders").apply(transaction)).isSameAs(transaction);
  }

  @Test
  void keepsPositionXidAndTimeOfWhatItNarrows() {
    CommittedTransaction whole = Changes.transaction(9, USER, ORDER);
    CommittedTransaction narrowed = nodes("users").apply(whole);
    assertThat(narrowed).isEqualTo(whole.withChanges(List.of(USER)));
  }

  @Test
  void aNodeIsNotFoundByTheLabelOfARelation() {
    assertThat(seen(relations("users"), USER)).isEmpty();
    assertThat(seen(nodes("knows"), KNOWS)).isEmpty();
  }

  @Test
  void filtersUpdatesAndDeletesByTheirLabels() {
    var update = new SourceChange.Update(Changes.node("users"), null);
    var delete = new SourceChange.Delete(Changes.metadata("users"), null);
    assertThat(seen(nodes("users"), update, delete)).containsExactly(update, delete);
    assertThat(seen(nodes("orders"), update, delete)).isEmpty();
    assertThat(seen(relations("users"), delete))
        .as("a delete does not say whether it was a node or a relation")
        .containsExactly(delete);
  }

  @Test
  void narrowsATruncateToTheLabelsThatAreWanted() {
    var truncate = new SourceChange.Truncate(List.of("users", "orders"), true, false);
    assertThat(seen(nodes("orders"), truncate))
        .containsExactly(new SourceChange.Truncate(List.of("orders"), true, false));
    assertThat(seen(nodes("orders", "users"), truncate)).containsExactly(truncate);
    assertThat(seen(nodes("items"), truncate)).isEmpty();
  }

  @Test
  void narrowsATruncateAlsoBesideChangesThatAreSeenWhole() {
    var truncate = new SourceChange.Truncate(List.of("users", "orders"), false, true);
    assertThat(seen(nodes("orders"), ORDER, truncate, ORDER))
        .containsExactly(ORDER, new SourceChange.Truncate(List.of("orders"), false, true), ORDER);
  }
}
