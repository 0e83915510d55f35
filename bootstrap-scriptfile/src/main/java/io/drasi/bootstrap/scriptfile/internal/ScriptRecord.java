package io.drasi.bootstrap.scriptfile.internal;

import io.drasi.api.change.ElementPropertyMap;
import java.time.Instant;
import java.util.List;

/** A line of a script. */
sealed interface ScriptRecord {

  record Header(Instant startTime) implements ScriptRecord {}

  record Node(String id, List<String> labels, ElementPropertyMap properties)
      implements ScriptRecord {}

  record Relation(
      String id, List<String> labels, String startId, String endId, ElementPropertyMap properties)
      implements ScriptRecord {}

  /** A comment or a label: nothing that a bootstrap needs. */
  record Remark(boolean mayPrecedeHeader) implements ScriptRecord {}

  record Finish() implements ScriptRecord {}
}
