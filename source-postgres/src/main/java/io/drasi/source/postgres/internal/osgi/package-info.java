/**
 * The source in an OSGi framework: made by Declarative Services from a factory configuration. Start
 * at {@link io.drasi.source.postgres.internal.osgi.PostgresSourceComponent}. Nothing outside this
 * package knows OSGi, and elsewhere it is not loaded.
 */
package io.drasi.source.postgres.internal.osgi;
