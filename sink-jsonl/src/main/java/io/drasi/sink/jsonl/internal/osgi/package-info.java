/**
 * The sink in an OSGi framework: made by Declarative Services from a factory configuration, and the
 * example of a subscriber that outlives its source. Start at {@link
 * io.drasi.sink.jsonl.internal.osgi.JsonLinesSinkComponent}. Nothing outside this package knows
 * OSGi, and elsewhere it is not loaded.
 */
package io.drasi.sink.jsonl.internal.osgi;
