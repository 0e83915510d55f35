package io.drasi.source.postgres.internal.osgi;

import io.drasi.api.source.Source;
import io.drasi.api.source.SourceStatus;
import io.drasi.api.source.SourceStatusListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whiteboard: tells every listener that is registered as a service. Thread-safe. */
@Component(service = StatusListeners.class)
public final class StatusListeners implements SourceStatusListener {
  private static final Logger log = LoggerFactory.getLogger(StatusListeners.class);

  private final List<SourceStatusListener> listeners = new CopyOnWriteArrayList<>();

  /** For Declarative Services. */
  public StatusListeners() {}

  /** A listener has come. */
  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "remove")
  public void add(SourceStatusListener listener) {
    listeners.add(listener);
  }

  /** A listener leaves. */
  public void remove(SourceStatusListener listener) {
    listeners.remove(listener);
  }

  @Override
  public void statusChanged(Source source, SourceStatus status) {
    for (SourceStatusListener listener : listeners) {
      try {
        listener.statusChanged(source, status);
      } catch (RuntimeException | Error e) { // such as a class of a bundle that is gone
        log.warn("{}: a status listener failed", source.id(), e);
      }
    }
  }
}
