package io.drasi.bootstrap.noop.internal;

import io.drasi.api.bootstrap.BootstrapContext;
import io.drasi.api.bootstrap.BootstrapProvider;
import io.drasi.api.bootstrap.BootstrapProviderFactory;
import io.drasi.api.config.Options;
import io.drasi.bootstrap.noop.NoopBootstrapProvider;
import org.osgi.service.component.annotations.Component;

/** Makes {@link NoopBootstrapProvider}s. */
@Component(property = "drasi.kind=" + NoopBootstrapProviderFactory.KIND)
public final class NoopBootstrapProviderFactory implements BootstrapProviderFactory {
  static final String KIND = "noop";

  /** For Declarative Services and {@link java.util.ServiceLoader}. */
  public NoopBootstrapProviderFactory() {}

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public BootstrapProvider create(BootstrapContext context) {
    Options.of(context.options()).finish();
    return new NoopBootstrapProvider();
  }
}
