package io.drasi.deployer.internal;

import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.Source;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.SourceStatus;
import io.drasi.api.source.SourceStatusListener;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Prints what becomes of the sources, a line per change that matters to a person. An attempt to
 * reconnect that fails as the one before is no news. When all sources have failed, the host ends.
 *
 * <p>Thread-safe; each source tells its own changes in order.
 */
@Component(service = SourceStatusListener.class)
public final class StatusPrinter implements SourceStatusListener {
  private static final Set<SourceState> NEWS =
      EnumSet.of(
          SourceState.STARTING, SourceState.RUNNING, SourceState.RECONNECTING, SourceState.FAILED);

  private final Supplier<Set<String>> wanted;
  private final Console console;

  /** What was told last, by the id of the source. */
  private final Map<String, String> last = new ConcurrentHashMap<>();

  private final Set<String> failed = ConcurrentHashMap.newKeySet();

  /** For Declarative Services. */
  @Activate
  public StatusPrinter(@Reference Deployment deployment, @Reference Console console) {
    this(deployment::ids, console);
  }

  /**
   * A printer.
   *
   * @param wanted the ids of the sources there are to be
   */
  StatusPrinter(Supplier<Set<String>> wanted, Console console) {
    this.wanted = wanted;
    this.console = console;
  }

  /** A source has come; it tells by itself what it does. */
  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "remove")
  public void add(ManagedSource source) {
    last.remove(source.id());
  }

  /** A source leaves. */
  public void remove(ManagedSource source) {
    failed.remove(source.id());
    console.say(
        "%s: stopped; %s streamed"
            .formatted(source.id(), Count.of(source.metrics().changes(), "change")));
  }

  @Override
  public void statusChanged(Source source, SourceStatus status) {
    String reason = status.error().map(SourceException::getMessage).orElse("");
    // While it runs, the wait for a subscriber comes and goes with every full queue.
    String waitingFor = status.state() == SourceState.RUNNING ? "" : status.waitingFor().orElse("");
    String news = status.state() + (reason.isEmpty() ? waitingFor : reason);
    if (NEWS.contains(status.state()) && !news.equals(last.put(source.id(), news))) {
      console.say(
          "%s: %s%s%s"
              .formatted(
                  source.id(),
                  status.state().name().toLowerCase(Locale.ROOT),
                  reason.isEmpty() ? "" : ": " + reason,
                  waitingFor.isEmpty() ? "" : "; waiting for " + waitingFor));
    }
    if (status.state() != SourceState.FAILED) {
      failed.remove(source.id());
    } else if (failed.add(source.id()) && failed.containsAll(wanted.get())) {
      console.exit(Console.FAILED);
    }
  }
}
