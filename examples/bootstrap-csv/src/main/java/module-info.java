import com.example.bootstrap.csv.internal.CsvBootstrapProviderFactory;
import io.drasi.api.bootstrap.BootstrapProviderFactory;

/**
 * A bootstrap provider that loads CSV files, of kind {@code csv}.
 *
 * <ul>
 *   <li>{@link com.example.bootstrap.csv} – the provider, and the format of the files.
 * </ul>
 */
module com.example.bootstrap.csv {
  requires transitive io.drasi.api;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;

  exports com.example.bootstrap.csv;

  provides BootstrapProviderFactory with
      CsvBootstrapProviderFactory;
}
