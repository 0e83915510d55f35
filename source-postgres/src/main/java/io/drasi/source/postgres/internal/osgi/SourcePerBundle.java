package io.drasi.source.postgres.internal.osgi;

import io.drasi.api.source.ManagedSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

/** Gives each bundle a view of the source of its own, and closes it when the bundle lets go. */
final class SourcePerBundle implements ServiceFactory<ManagedSource> {
  private final ManagedSource source;

  SourcePerBundle(ManagedSource source) {
    this.source = source;
  }

  @Override
  public ManagedSource getService(Bundle bundle, ServiceRegistration<ManagedSource> registration) {
    return new SourceView(source, bundle);
  }

  @Override
  public void ungetService(
      Bundle bundle, ServiceRegistration<ManagedSource> registration, ManagedSource view) {
    ((SourceView) view).release();
  }
}
