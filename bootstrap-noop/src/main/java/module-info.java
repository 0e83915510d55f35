import io.drasi.api.bootstrap.BootstrapProviderFactory;
import io.drasi.bootstrap.noop.internal.NoopBootstrapProviderFactory;
import org.jspecify.annotations.NullMarked;

/**
 * A bootstrap provider with nothing to load, of kind {@code noop}.
 *
 * <ul>
 *   <li>{@link io.drasi.bootstrap.noop} – the provider.
 * </ul>
 */
@NullMarked
module io.drasi.bootstrap.noop {
  requires transitive io.drasi.api;
  requires static org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;

  exports io.drasi.bootstrap.noop;

  provides BootstrapProviderFactory with
      NoopBootstrapProviderFactory;
}
