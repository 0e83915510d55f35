import io.drasi.api.bootstrap.BootstrapProviderFactory;
import io.drasi.bootstrap.postgres.internal.PostgresBootstrapProviderFactory;
import org.jspecify.annotations.NullMarked;

/**
 * A bootstrap provider that reads the tables of a PostgreSQL publication in one consistent
 * snapshot, of kind {@code postgres}.
 *
 * <ul>
 *   <li>{@link io.drasi.bootstrap.postgres} – the provider, its options and what it promises.
 * </ul>
 */
@NullMarked
module io.drasi.bootstrap.postgres {
  requires transitive io.drasi.api;
  requires transitive io.drasi.postgres.decoder;
  requires transitive io.drasi.postgres.protocol;
  requires static org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;
  requires org.slf4j;

  exports io.drasi.bootstrap.postgres;

  provides BootstrapProviderFactory with
      PostgresBootstrapProviderFactory;
}
