package io.drasi.bootstrap.scriptfile.internal;

import static io.drasi.bootstrap.scriptfile.ScriptFileBootstrapProvider.MAX_BATCH_SIZE;

import io.drasi.api.bootstrap.BootstrapContext;
import io.drasi.api.bootstrap.BootstrapProvider;
import io.drasi.api.bootstrap.BootstrapProviderFactory;
import io.drasi.api.config.Options;
import io.drasi.bootstrap.scriptfile.ScriptFileBootstrapProvider;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Makes {@link ScriptFileBootstrapProvider}s of {@code file_paths} and {@code batch_size}. */
@Component(property = "drasi.kind=" + ScriptFileBootstrapProviderFactory.KIND)
public final class ScriptFileBootstrapProviderFactory implements BootstrapProviderFactory {
  static final String KIND = "scriptfile";

  /** For Declarative Services and {@link java.util.ServiceLoader}. */
  public ScriptFileBootstrapProviderFactory() {}

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public BootstrapProvider create(BootstrapContext context) {
    Options options = Options.of(context.options());
    var builder = ScriptFileBootstrapProvider.builder();
    for (String filePath : options.requiredTexts("file_paths").orElse(List.of())) {
      try {
        builder.addFilePath(Path.of(filePath));
      } catch (InvalidPathException e) {
        options.problem("file_paths", "\"%s\" is not a path".formatted(filePath));
      }
    }
    options.integer("batch_size", 1, MAX_BATCH_SIZE).ifPresent(builder::withBatchSize);
    options.finish();
    return builder.build();
  }
}
