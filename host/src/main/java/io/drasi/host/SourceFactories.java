package io.drasi.host;

import io.drasi.api.source.SourceFactory;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** The kinds of sources that are on the path. */
final class SourceFactories {
  private final List<SourceFactory> factories;

  private SourceFactories(List<SourceFactory> factories) {
    this.factories = List.copyOf(factories);
  }

  static SourceFactories onThePath() {
    return new SourceFactories(
        ServiceLoader.load(SourceFactory.class).stream().map(ServiceLoader.Provider::get).toList());
  }

  Optional<SourceFactory> ofKind(String kind) {
    return factories.stream().filter(factory -> factory.kind().equals(kind)).findFirst();
  }

  /** The kinds there are, in alphabetical order. */
  List<String> kinds() {
    return factories.stream().map(SourceFactory::kind).sorted().toList();
  }
}
