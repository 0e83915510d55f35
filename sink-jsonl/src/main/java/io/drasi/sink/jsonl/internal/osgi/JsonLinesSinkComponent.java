package io.drasi.sink.jsonl.internal.osgi;

import io.drasi.api.source.Source;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Requirement;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sink, for each factory configuration of {@value #PID}. It follows the source of the configured
 * id whenever that is there.
 */
@Component(
    configurationPid = JsonLinesSinkComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    service = {})
@Requirement(
    namespace = "osgi.service",
    filter = "(objectClass=io.drasi.api.source.Source)",
    effective = "active")
public final class JsonLinesSinkComponent {
  /** The factory PID. */
  static final String PID = "io.drasi.sink.jsonl";

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(JsonLinesSinkComponent.class);

  private final BundleContext context;
  private final Map<String, ?> properties;
  private @Nullable Running running;

  private record Running(SourceFollower follower, ServiceTracker<?, ?> tracker) {}

  /** For Declarative Services, which may drop what it has only constructed: nothing begins here. */
  @Activate
  public JsonLinesSinkComponent(BundleContext context, Map<String, ?> properties) {
    this.context = context;
    this.properties = properties;
  }

  /** Opens the output, and follows the source on a thread of its own. */
  @Activate
  public void open() {
    SourceFollower follower = make(properties);
    var tracker = new SourceTracker(context, sourceOf(follower.sourceId()), follower);
    running = new Running(follower, tracker);
    follower.start();
    tracker.open();
  }

  private static SourceFollower make(Map<String, ?> properties) {
    try {
      SinkOptions options = SinkOptions.parse(properties);
      return new SourceFollower(options, Output.open(options), RETRY_AFTER);
    } catch (RuntimeException e) {
      log.error(
          "the configuration {} makes no sink: {}", properties.get("service.pid"), e.getMessage());
      throw e;
    }
  }

  /** The filter for the services of a source. */
  static Filter sourceOf(String sourceId) {
    String value = sourceId.replaceAll("[\\\\()*]", "\\\\$0");
    try {
      return FrameworkUtil.createFilter(
          "(&(objectClass=%s)(drasi.source.id=%s))".formatted(Source.class.getName(), value));
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The configuration has changed or is gone, or the bundle stops. */
  @Deactivate
  public void close() {
    if (running != null) {
      running.follower().stop();
      running.tracker().close();
    }
  }

  private static final class SourceTracker extends ServiceTracker<Source, Source> {
    private final SourceFollower follower;

    SourceTracker(BundleContext context, Filter filter, SourceFollower follower) {
      super(context, filter, null);
      this.follower = follower;
    }

    @Override
    public Source addingService(ServiceReference<Source> reference) {
      Source source = super.addingService(reference);
      follower.add(source);
      return source;
    }

    @Override
    public void removedService(ServiceReference<Source> reference, Source source) {
      follower.remove(source);
      super.removedService(reference, source);
    }
  }
}
