package io.drasi.api.source;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** What a source has done since it was created. A snapshot: the values belong together. */
@ProviderType
public interface SourceMetrics {

  /** How many transactions were handed to subscriptions. */
  long transactions();

  /** How many changes these transactions held. */
  long changes();

  /** How many bytes of change data came from the database. */
  long bytes();

  /** How many times a session was established. */
  long sessions();

  /** How many subscriptions there are. */
  int subscriptions();

  /** Up to where the source has received changes. */
  Optional<SourcePosition> received();

  /** Up to where every subscriber has acknowledged, so that the database may forget. */
  Optional<SourcePosition> confirmed();
}
