import io.drasi.postgres.decoder.value.ValueCodec;
import org.jspecify.annotations.NullMarked;

/**
 * Decodes what PostgreSQL's {@code pgoutput} plugin sends into changes to elements. Pure: no I/O,
 * no threads, no clock, no logging, no lookups.
 *
 * <ul>
 *   <li>{@link io.drasi.postgres.decoder.pgoutput} – bytes to messages. Start at {@link
 *       io.drasi.postgres.decoder.pgoutput.PgOutputDecoder}.
 *   <li>{@link io.drasi.postgres.decoder.value} – the bytes of one column to a value. Start at
 *       {@link io.drasi.postgres.decoder.value.TypeCodecs}. Codecs of types that the project does
 *       not know come from outside: {@link io.drasi.postgres.decoder.value.ValueCodec}.
 *   <li>{@link io.drasi.postgres.decoder.row} – messages to changes of elements: names, keys, what
 *       an update means. Start at {@link io.drasi.postgres.decoder.row.ElementMapper}.
 *   <li>{@link io.drasi.postgres.decoder.config} – options that sources and bootstraps share.
 *   <li>{@link io.drasi.postgres.decoder.position} – positions in the stream, as subscribers store
 *       them.
 * </ul>
 */
@NullMarked
module io.drasi.postgres.decoder {
  requires transitive io.drasi.api;
  requires transitive io.drasi.postgres.protocol;
  requires static org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;

  exports io.drasi.postgres.decoder.config;
  exports io.drasi.postgres.decoder.pgoutput;
  exports io.drasi.postgres.decoder.position;
  exports io.drasi.postgres.decoder.row;
  exports io.drasi.postgres.decoder.value;

  uses ValueCodec;
}
