package io.drasi.source.postgres.internal.transaction;

import io.drasi.api.change.Element;
import io.drasi.api.change.SourceChange;
import java.util.List;

/**
 * What a change is about, as far as a subscriber can ask for it.
 *
 * @param kind of what kind
 * @param labels what it is labelled with
 */
public record ChangeSubject(Kind kind, List<String> labels) {

  /** The kinds of what changes. */
  public enum Kind {
    /** A node. */
    NODE,
    /** A relation. */
    RELATION,
    /** The change does not tell. */
    EITHER
  }

  /** What this change is about. */
  public static ChangeSubject of(SourceChange change) {
    if (change instanceof SourceChange.Insert insert) {
      return of(insert.element());
    }
    if (change instanceof SourceChange.Update update) {
      return of(update.element());
    }
    List<String> labels =
        change instanceof SourceChange.Delete delete
            ? delete.metadata().labels()
            : ((SourceChange.Truncate) change).labels();
    return new ChangeSubject(Kind.EITHER, labels);
  }

  private static ChangeSubject of(Element element) {
    return new ChangeSubject(
        element instanceof Element.Node ? Kind.NODE : Kind.RELATION, element.metadata().labels());
  }
}
