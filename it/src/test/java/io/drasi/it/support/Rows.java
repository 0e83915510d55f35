package io.drasi.it.support;

import io.drasi.api.change.Element;
import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.Subscription;
import io.drasi.bootstrap.postgres.PostgresBootstrapProvider;
import java.util.LinkedHashMap;
import java.util.Map;

/** Rows as they come by either road, by element id. */
public final class Rows {
  private Rows() {}

  /** What a bootstrap gives. */
  public static Map<String, ElementPropertyMap> loaded(PostgresBootstrapProvider provider)
      throws InterruptedException {
    Map<String, ElementPropertyMap> rows = new LinkedHashMap<>();
    provider.bootstrap(
        Bootstraps.EVERYTHING, batch -> batch.forEach(insert -> put(rows, insert.element())));
    return rows;
  }

  /** What the next transaction of a subscription inserts or updates. */
  public static Map<String, ElementPropertyMap> next(Subscription subscription)
      throws InterruptedException {
    return of(Transactions.next(subscription));
  }

  /** What a transaction inserts or updates. */
  public static Map<String, ElementPropertyMap> of(SourceEvent.Transaction transaction) {
    Map<String, ElementPropertyMap> rows = new LinkedHashMap<>();
    for (SourceChange change : transaction.changes()) {
      if (change instanceof SourceChange.Insert insert) {
        put(rows, insert.element());
      } else if (change instanceof SourceChange.Update update) {
        put(rows, update.element());
      }
    }
    return rows;
  }

  private static void put(Map<String, ElementPropertyMap> rows, Element element) {
    rows.put(element.metadata().reference().elementId(), element.properties());
  }
}
