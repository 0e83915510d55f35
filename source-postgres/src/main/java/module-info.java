import org.jspecify.annotations.NullMarked;

/**
 * Streams the changes of one PostgreSQL publication to any number of subscriptions.
 *
 * <p>Start at {@link io.drasi.source.postgres.PostgresReplicationSource}. Data flows one way, from
 * the socket to the subscriber; acknowledgements flow back the other:
 *
 * <ul>
 *   <li>{@code internal.session} – one connection's life: what is checked before it streams, what
 *       it reads, what it reports.
 *   <li>{@code internal.transaction} – from the raw messages of a transaction to its changes.
 *   <li>{@code internal.spill} – what does not fit into memory.
 *   <li>{@code internal.delivery} – from transactions to subscribers, and how far they have come.
 *   <li>{@code internal.bootstrap} – the elements that exist before the first transaction.
 *   <li>{@code internal.thread} – threads as all of these want them.
 *   <li>{@code internal.osgi} – the source as a component of an OSGi framework.
 *   <li>{@code internal} – the supervisor that builds one session after another.
 * </ul>
 */
@NullMarked
module io.drasi.source.postgres {
  requires transitive io.drasi.api;
  requires transitive io.drasi.postgres.decoder;
  requires transitive io.drasi.postgres.protocol;
  requires static org.jspecify;
  requires static osgi.core;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;
  requires org.slf4j;

  exports io.drasi.source.postgres;

  uses io.drasi.api.bootstrap.BootstrapProviderFactory;

  provides io.drasi.api.source.SourceFactory with
      io.drasi.source.postgres.PostgresSourceFactory;
}
