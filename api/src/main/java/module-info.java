import org.jspecify.annotations.NullMarked;

/**
 * What a subscriber, a host and a bootstrap provider see of a Drasi source. Knows no database.
 *
 * <ul>
 *   <li>{@link io.drasi.api.change} – what a source delivers: changes to elements. Start at {@link
 *       io.drasi.api.change.SourceChange}.
 *   <li>{@link io.drasi.api.source} – how a source is run and subscribed to. Start at {@link
 *       io.drasi.api.source.Source}.
 *   <li>{@link io.drasi.api.bootstrap} – what loads the elements that exist before the first
 *       change. Start at {@link io.drasi.api.bootstrap.BootstrapProviderFactory}.
 *   <li>{@link io.drasi.api.config} – reading options so that every mistake is named at once. Start
 *       at {@link io.drasi.api.config.Options}.
 * </ul>
 */
@NullMarked
module io.drasi.api {
  requires static org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;

  exports io.drasi.api.bootstrap;
  exports io.drasi.api.change;
  exports io.drasi.api.config;
  exports io.drasi.api.source;
}
