package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.source.SourceEvent;
import io.drasi.postgres.decoder.position.PostgresPosition;

/**
 * Nothing for the subscriber up to a position.
 *
 * @param position the position
 */
record DeliveredProgress(PostgresPosition position) implements SourceEvent.Progress {}
