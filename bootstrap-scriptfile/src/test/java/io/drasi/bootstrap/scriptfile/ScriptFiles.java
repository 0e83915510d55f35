package io.drasi.bootstrap.scriptfile;

import io.drasi.api.bootstrap.BootstrapRequest;
import io.drasi.api.bootstrap.BootstrapResult;
import io.drasi.api.change.Element;
import io.drasi.api.change.SourceChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Scripts in a folder, and what comes of replaying them. */
final class ScriptFiles {
  static final String HEADER = "{\"kind\":\"Header\",\"start_time\":\"2024-02-29T12:00:00Z\"}";

  private final Path folder;

  ScriptFiles(Path folder) {
    this.folder = folder;
  }

  Path write(String name, String... lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
  }

  static String node(String id, String... labels) {
    return "{\"kind\":\"Node\",\"id\":\"%s\",\"labels\":[%s]}".formatted(id, quoted(labels));
  }

  static String relation(String id, String... labels) {
    return "{\"kind\":\"Relation\",\"id\":\"%s\",\"labels\":[%s],\"start_id\":\"a\",\"end_id\":\"b\"}"
        .formatted(id, quoted(labels));
  }

  static BootstrapRequest everything() {
    return request(Set.of(), Set.of());
  }

  static BootstrapRequest request(Set<String> nodeLabels, Set<String> relationLabels) {
    return BootstrapRequest.of("source", "subscriber", nodeLabels, relationLabels);
  }

  static ScriptFileBootstrapProvider provider(Path... files) {
    return ScriptFileBootstrapProvider.builder().withFilePaths(List.of(files)).build();
  }

  static List<Element> elements(BootstrapRequest request, Path... files)
      throws InterruptedException {
    List<Element> elements = new ArrayList<>();
    BootstrapResult result =
        provider(files)
            .bootstrap(
                request,
                batch -> batch.stream().map(SourceChange.Insert::element).forEach(elements::add));
    if (result.count() != elements.size()) {
      throw new AssertionError("counted %d of %d".formatted(result.count(), elements.size()));
    }
    return elements;
  }

  static List<String> ids(BootstrapRequest request, Path... files) throws InterruptedException {
    return elements(request, files).stream()
        .map(element -> element.metadata().reference().elementId())
        .toList();
  }

  private static String quoted(String... labels) {
    return labels.length == 0 ? "" : '"' + String.join("\",\"", labels) + '"';
  }
}
