package io.drasi.source.postgres.internal.session;

import io.drasi.api.change.ElementMetadata;
import io.drasi.api.change.ElementReference;
import io.drasi.api.change.SourceChange;
import java.time.Instant;
import java.util.List;

/** Changes that only have to be there. */
final class TestChanges {
  static final List<SourceChange> ONE =
      List.of(
          new SourceChange.Delete(
              ElementMetadata.of(
                  new ElementReference("source", "users:1"), List.of("users"), Instant.EPOCH),
              null));

  private TestChanges() {}
}
