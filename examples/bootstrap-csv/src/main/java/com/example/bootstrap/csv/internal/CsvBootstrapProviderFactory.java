package com.example.bootstrap.csv.internal;

import com.example.bootstrap.csv.CsvBootstrapProvider;
import com.example.bootstrap.csv.CsvFile;
import io.drasi.api.bootstrap.BootstrapContext;
import io.drasi.api.bootstrap.BootstrapProvider;
import io.drasi.api.bootstrap.BootstrapProviderFactory;
import io.drasi.api.config.Options;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/**
 * Makes {@link CsvBootstrapProvider}s of {@code files}: a list of groups of {@code label}, {@code
 * file} and {@code key_columns}, or of texts {@code label(key column, ...)=file}.
 */
@Component(property = "drasi.kind=" + CsvBootstrapProviderFactory.KIND)
public final class CsvBootstrapProviderFactory implements BootstrapProviderFactory {
  static final String KIND = "csv";

  /** For Declarative Services and {@link java.util.ServiceLoader}. */
  public CsvBootstrapProviderFactory() {}

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public BootstrapProvider create(BootstrapContext context) {
    Options options = Options.of(context.options());
    List<CsvFile> files = files(options);
    if (context.options().get("files") == null) {
      options.problem("files", "is missing");
    }
    options.finish(); // throws one exception that names every mistake
    return new CsvBootstrapProvider(files);
  }

  private static List<CsvFile> files(Options options) {
    Optional<List<Object>> items = options.items("files");
    if (items.isPresent() && items.get().isEmpty()) {
      options.problem("files", "is empty; a list of at least one file is needed");
    }
    List<CsvFile> files = new ArrayList<>();
    int index = 0;
    for (Object item : items.orElse(List.of())) {
      try {
        file(item).ifPresent(files::add);
      } catch (InvalidPathException e) {
        options.problem(
            "files[%d]".formatted(index), "\"%s\" is not a path".formatted(e.getInput()));
      } catch (IllegalArgumentException e) {
        options.problem("files[%d]".formatted(index), e.getMessage());
      }
      index++;
    }
    return files;
  }

  private static Optional<CsvFile> file(Object item) {
    if (!(item instanceof Options group)) {
      return Optional.of(CsvFile.parse((String) item));
    }
    Optional<String> label = group.requiredText("label");
    Optional<String> file = group.requiredText("file");
    Optional<List<String>> keyColumns = group.requiredTexts("key_columns");
    if (label.isEmpty() || file.isEmpty() || keyColumns.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new CsvFile(label.get(), Path.of(file.get()), keyColumns.get()));
  }
}
