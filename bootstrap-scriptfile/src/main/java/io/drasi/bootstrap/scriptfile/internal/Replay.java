package io.drasi.bootstrap.scriptfile.internal;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.bootstrap.BootstrapRequest;
import io.drasi.api.bootstrap.BootstrapSink;
import io.drasi.api.change.Element;
import io.drasi.api.change.ElementMetadata;
import io.drasi.api.change.ElementReference;
import io.drasi.api.change.SourceChange;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One bootstrap from a script. Confined to its thread. */
public final class Replay {
  private final Script script;
  private final BootstrapRequest request;
  private final int batchSize;
  private Instant startTime = Instant.EPOCH;
  private List<SourceChange.Insert> batch = new ArrayList<>();
  private long count;

  public Replay(Script script, BootstrapRequest request, int batchSize) {
    this.script = script;
    this.request = request;
    this.batchSize = batchSize;
  }

  /**
   * Checks the whole script, then hands over its elements.
   *
   * @return how many elements were handed over
   */
  public long into(BootstrapSink sink) throws InterruptedException {
    List<FileVersion> checked = check();
    List<FileVersion> replayed = replay(checked, sink);
    for (int i = 0; i < checked.size(); i++) {
      if (!checked.get(i).equals(replayed.get(i))) {
        throw changed(checked.get(i).file(), null);
      }
    }
    // Last, so that a small script is handed over whole or not at all.
    handOver(checked, sink);
    return count;
  }

  private List<FileVersion> check() throws InterruptedException {
    try {
      return script.read(read -> {});
    } catch (MalformedScriptException e) {
      throw new BootstrapException(String.valueOf(e.getMessage()), e);
    }
  }

  private List<FileVersion> replay(List<FileVersion> checked, BootstrapSink sink)
      throws InterruptedException {
    try {
      return script.read(
          read -> {
            add(read);
            if (batch.size() == batchSize) {
              handOver(checked, sink);
            }
          });
    } catch (MalformedScriptException e) {
      throw changed(e.file(), e);
    }
  }

  private void add(ScriptRecord read) {
    if (read instanceof ScriptRecord.Header header) {
      startTime = header.startTime();
    } else if (read instanceof ScriptRecord.Node node
        && isWanted(node.labels(), request.nodeLabels())) {
      add(new Element.Node(metadata(node.id(), node.labels()), node.properties()));
    } else if (read instanceof ScriptRecord.Relation relation
        && isWanted(relation.labels(), request.relationLabels())) {
      add(
          new Element.Relation(
              metadata(relation.id(), relation.labels()),
              reference(relation.startId()),
              reference(relation.endId()),
              relation.properties()));
    }
  }

  private void add(Element element) {
    batch.add(new SourceChange.Insert(element));
  }

  private void handOver(List<FileVersion> checked, BootstrapSink sink) throws InterruptedException {
    for (FileVersion version : checked) {
      if (!version.looksUnchanged()) {
        throw changed(version.file(), null);
      }
    }
    if (batch.isEmpty()) {
      return;
    }
    List<SourceChange.Insert> full = List.copyOf(batch);
    batch = new ArrayList<>();
    sink.accept(full);
    count += full.size();
  }

  private boolean isWanted(List<String> labels, Set<String> wanted) {
    boolean everything = request.nodeLabels().isEmpty() && request.relationLabels().isEmpty();
    return everything || labels.stream().anyMatch(wanted::contains);
  }

  private ElementMetadata metadata(String id, List<String> labels) {
    return ElementMetadata.of(reference(id), labels, startTime);
  }

  private ElementReference reference(String id) {
    return new ElementReference(request.sourceId(), id);
  }

  private static BootstrapException changed(Path file, @Nullable Throwable cause) {
    return new BootstrapException(
        "%s: changed while it was read; bootstrap again when it is not written to".formatted(file),
        cause);
  }
}
