import io.drasi.api.bootstrap.BootstrapProviderFactory;
import io.drasi.bootstrap.scriptfile.internal.ScriptFileBootstrapProviderFactory;
import org.jspecify.annotations.NullMarked;

/**
 * A bootstrap provider that replays elements from JSONL files, of kind {@code scriptfile}.
 *
 * <ul>
 *   <li>{@link io.drasi.bootstrap.scriptfile} – the provider, and the format of the files.
 * </ul>
 */
@NullMarked
module io.drasi.bootstrap.scriptfile {
  requires transitive io.drasi.api;
  requires com.fasterxml.jackson.core;
  requires static org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;

  exports io.drasi.bootstrap.scriptfile;

  provides BootstrapProviderFactory with
      ScriptFileBootstrapProviderFactory;
}
