package io.drasi.source.postgres.internal.transaction;

import io.drasi.api.change.SourceChange;
import java.util.Optional;

/** Which changes somebody wants to see. */
public interface ChangeFilter {

  /** Everything. */
  ChangeFilter ALL =
      new ChangeFilter() {
        @Override
        public boolean wants(ChangeSubject subject) {
          return true;
        }

        @Override
        public Optional<SourceChange> narrow(SourceChange change) {
          return Optional.of(change);
        }
      };

  /** Whether changes about this are wanted. */
  boolean wants(ChangeSubject subject);

  /** What is wanted of a change; empty exactly where what it is about is not wanted. */
  Optional<SourceChange> narrow(SourceChange change);
}
