package io.drasi.source.postgres.internal.transaction;

import io.drasi.postgres.decoder.row.RelationCache;
import io.drasi.source.postgres.internal.spill.SharedSpill;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages of a transaction in a file, with what decodes them once more: what all who read the
 * transaction share. The file is removed when none of them is left.
 *
 * <p>Thread-safe: the object's own monitor guards the numbers of those who are there, and is held
 * over the removal of the file.
 */
final class SpilledMessages {
  private static final Logger log = LoggerFactory.getLogger(SpilledMessages.class);

  private final CommitHead head;
  private final List<RelationCache> relations;
  private final ChangeCensus census;
  private final SharedSpill file;
  private int readers;
  private int keepers;

  /**
   * Messages that nobody reads yet.
   *
   * @param relations the tables as they were known at the transaction's begin, and after each of
   *     its Relation messages
   */
  SpilledMessages(
      CommitHead head, List<RelationCache> relations, ChangeCensus census, SharedSpill file) {
    this.head = head;
    this.relations = List.copyOf(relations);
    this.census = census;
    this.file = file;
  }

  CommitHead head() {
    return head;
  }

  List<RelationCache> relations() {
    return relations;
  }

  ChangeCensus census() {
    return census;
  }

  SharedSpill file() {
    return file;
  }

  /** One more is there who may read. */
  synchronized void addReader() {
    readers++;
    file.setExpendable(false);
  }

  /** One more is there who may want to read some day, and holds nobody back. */
  synchronized void addKeeper() {
    keepers++;
  }

  synchronized void removeReader() {
    readers--;
    removed();
  }

  synchronized void removeKeeper() {
    keepers--;
    removed();
  }

  private void removed() {
    if (readers > 0) {
      return;
    }
    if (keepers > 0) {
      file.setExpendable(true);
      return;
    }
    try {
      file.close();
    } catch (IOException e) {
      log.warn("the file of the transaction at {} could not be removed", head.position(), e);
    }
  }
}
