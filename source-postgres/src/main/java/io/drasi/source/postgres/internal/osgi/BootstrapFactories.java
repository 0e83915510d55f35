package io.drasi.source.postgres.internal.osgi;

import io.drasi.api.bootstrap.BootstrapProviderFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * The factories of bootstrap providers that are there now.
 *
 * <p>Thread-safe: guarded by {@code lock}.
 */
@Component(service = BootstrapFactories.class)
public final class BootstrapFactories {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Entry> entries = new ArrayList<>();

  /** For Declarative Services. */
  public BootstrapFactories() {}

  /**
   * A factory that is or was there.
   *
   * @param bundle the symbolic name of the bundle it comes from
   * @param version of two that make one kind the higher is taken
   */
  record Entry(
      BootstrapProviderFactory factory,
      String kind,
      String bundle,
      Version version,
      ServiceReference<BootstrapProviderFactory> reference,
      Leaving leaving) {}

  /** A factory has come. */
  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "remove")
  public void add(
      BootstrapProviderFactory factory, ServiceReference<BootstrapProviderFactory> reference) {
    var entry =
        new Entry(
            factory,
            factory.kind(),
            reference.getBundle().getSymbolicName(),
            versionOf(reference),
            reference,
            new Leaving());
    lock.lock();
    try {
      entries.add(entry);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A factory is about to leave: what runs by it ends. */
  public void remove(ServiceReference<BootstrapProviderFactory> reference) {
    Optional<Entry> gone;
    lock.lock();
    try {
      gone = entries.stream().filter(entry -> entry.reference().equals(reference)).findFirst();
      gone.ifPresent(entries::remove);
    } finally {
      lock.unlock();
    }
    gone.ifPresent(entry -> entry.leaving().now());
  }

  private static Version versionOf(ServiceReference<?> reference) {
    return reference.getProperty("drasi.version") instanceof String version
        ? Version.parseVersion(version)
        : reference.getBundle().getVersion();
  }

  /** Which makes providers of a kind: the highest version of them; empty when none is there. */
  Optional<Entry> find(String kind) {
    lock.lock();
    try {
      return entries.stream()
          .filter(entry -> entry.kind().equals(kind))
          .max(Comparator.comparing(Entry::version));
    } finally {
      lock.unlock();
    }
  }

  /** The kinds there are, in alphabetical order. */
  List<String> kinds() {
    lock.lock();
    try {
      return entries.stream().map(Entry::kind).distinct().sorted().toList();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for one that makes providers of a kind. */
  Entry await(String kind) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Optional<Entry> found = find(kind);
      while (found.isEmpty()) {
        changed.await();
        found = find(kind);
      }
      return found.get();
    } finally {
      lock.unlock();
    }
  }
}
