package io.drasi.source.postgres.testing;

import io.drasi.api.bootstrap.BootstrapContext;
import io.drasi.api.bootstrap.BootstrapProvider;
import io.drasi.api.bootstrap.BootstrapProviderFactory;
import io.drasi.api.bootstrap.BootstrapResult;
import io.drasi.api.config.Options;
import java.util.ArrayList;
import java.util.List;

/** A factory that the tests' class path lists, as an installed one would be. */
public final class ListedProvider implements BootstrapProviderFactory {
  /** What providers were made from, the newest last. */
  public static final List<BootstrapContext> MADE = new ArrayList<>();

  /** Found by the service loader. */
  public ListedProvider() {}

  @Override
  public String kind() {
    return "listed";
  }

  /** Takes the option {@code count}: a number, which the provider says that it has loaded. */
  @Override
  public BootstrapProvider create(BootstrapContext context) {
    var options = Options.of(context.options());
    int count = options.integer("count", 0, 9).orElse(0);
    options.finish();
    MADE.add(context);
    return (request, sink) -> BootstrapResult.of(count, null);
  }
}
