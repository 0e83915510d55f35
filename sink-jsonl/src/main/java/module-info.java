import org.jspecify.annotations.NullMarked;

/**
 * Prints the changes of a source as JSON lines; the example of a subscriber.
 *
 * <ul>
 *   <li>{@link io.drasi.sink.jsonl} – start at {@link io.drasi.sink.jsonl.JsonLinesSink} for the
 *       subscriber, at {@link io.drasi.sink.jsonl.JsonLinesWriter} for the format of the lines.
 *   <li>{@code internal.osgi} – the sink as a component of an OSGi framework.
 * </ul>
 */
@NullMarked
module io.drasi.sink.jsonl {
  requires transitive io.drasi.api;
  requires com.fasterxml.jackson.core;
  requires static org.jspecify;
  requires static osgi.core;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;
  requires org.slf4j;

  exports io.drasi.sink.jsonl;
}
