package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.source.SourceEvent;

/**
 * Changes are lost.
 *
 * @param reason what has happened
 */
record DeliveredResynchronization(String reason) implements SourceEvent.Resynchronizing {}
