package io.drasi.deployer.internal;

import io.drasi.api.source.SourceFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The kinds of sources whose bundles are there now. Thread-safe. */
@Component(service = SourceFactories.class)
public final class SourceFactories {
  private final List<Entry> entries = new CopyOnWriteArrayList<>();

  /** For Declarative Services. */
  public SourceFactories() {}

  /**
   * A factory that is there.
   *
   * @param pid the factory PID whose configurations make sources as it does
   */
  record Entry(SourceFactory factory, String pid) {}

  /** A factory has come. */
  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      target = "(drasi.source.pid=*)",
      unbind = "remove")
  public void add(SourceFactory factory, Map<String, ?> properties) {
    entries.add(new Entry(factory, String.valueOf(properties.get("drasi.source.pid"))));
  }

  /** A factory leaves. */
  public void remove(SourceFactory factory) {
    entries.removeIf(entry -> entry.factory() == factory);
  }

  Optional<Entry> ofKind(String kind) {
    return entries.stream().filter(entry -> entry.factory().kind().equals(kind)).findFirst();
  }

  /** The kinds there are, in alphabetical order. */
  List<String> kinds() {
    return entries.stream().map(entry -> entry.factory().kind()).sorted().toList();
  }
}
