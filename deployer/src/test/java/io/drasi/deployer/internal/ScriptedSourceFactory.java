package io.drasi.deployer.internal;

import io.drasi.api.config.Options;
import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SourceFactory;
import java.util.Map;
import java.util.Optional;

/** Makes sources of kind {@code scripted}, whose options are few but of every type. */
public final class ScriptedSourceFactory implements SourceFactory {
  @Override
  public String kind() {
    return "scripted";
  }

  @Override
  public ManagedSource create(Map<String, ?> values) {
    Options options = Options.of(values, name -> name.equals("SECRET") ? "hidden" : null);
    Optional<String> id = options.id();
    options.requiredText("database");
    options.integer("port", 1, 65_535);
    options.text("password");
    options.texts("tables");
    Optional<Boolean> autoStart = options.bool("auto_start");
    Optional<String> unusable = options.text("unusable");
    options.finish();
    if (unusable.isPresent()) {
      throw new SourceException(unusable.get(), null);
    }
    return new IdleSource(id.orElseThrow(), autoStart.orElse(true));
  }
}
