package io.drasi.source.postgres.internal.osgi;

import io.drasi.api.bootstrap.BootstrapContext;
import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.bootstrap.BootstrapProvider;
import io.drasi.api.bootstrap.BootstrapRequest;
import io.drasi.api.bootstrap.BootstrapResult;
import io.drasi.api.bootstrap.BootstrapSink;
import io.drasi.api.config.ConfigurationException;
import io.drasi.source.postgres.BootstrapProviderConfig;
import io.drasi.source.postgres.internal.osgi.BootstrapFactories.Entry;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bootstraps by whatever bundle has the wanted kind at that time. A bootstrap waits for it; one
 * that runs while the bundle leaves fails.
 */
final class ProviderByKind implements BootstrapProvider {
  private static final Logger log = LoggerFactory.getLogger(ProviderByKind.class);

  private final BootstrapProviderConfig wanted;
  private final Map<String, ?> sourceOptions;
  private final BootstrapFactories factories;

  ProviderByKind(
      BootstrapProviderConfig wanted, Map<String, ?> sourceOptions, BootstrapFactories factories) {
    this.wanted = wanted;
    this.sourceOptions = sourceOptions;
    this.factories = factories;
  }

  @Override
  public BootstrapResult bootstrap(BootstrapRequest request, BootstrapSink sink)
      throws InterruptedException {
    Entry entry = find(sink);
    while (!entry.leaving().enter()) {
      entry = find(sink);
    }
    log.info(
        "{}: {} is bootstrapped by {} {}",
        request.sourceId(),
        request.subscriberId(),
        entry.bundle(),
        entry.version());
    try {
      BootstrapResult result =
          entry
              .factory()
              .create(BootstrapContext.of(wanted.options(), sourceOptions))
              .bootstrap(request, sink);
      exit(entry);
      return result;
    } catch (ConfigurationException e) {
      exit(entry);
      throw new BootstrapException("bootstrap_provider: " + e.getMessage(), e);
    } catch (InterruptedException | RuntimeException | Error e) {
      exit(entry);
      throw e;
    }
  }

  private Entry find(BootstrapSink sink) throws InterruptedException {
    if (factories.find(wanted.kind()).isEmpty()) {
      sink.waitingFor("a bundle with the bootstrap provider " + wanted.kind());
    }
    return factories.await(wanted.kind());
  }

  private void exit(Entry entry) {
    if (!entry.leaving().exit()) {
      Thread.interrupted(); // which was for this
      throw new BootstrapException(
          "the bundle of the bootstrap provider %s was stopped while it ran; bootstrap again"
              .formatted(wanted.kind()),
          null);
    }
  }
}
