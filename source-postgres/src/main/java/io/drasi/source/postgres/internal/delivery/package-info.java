/**
 * From transactions to subscribers, and how far they have come. Start at {@link
 * io.drasi.source.postgres.internal.delivery.SubscriptionHub}.
 */
package io.drasi.source.postgres.internal.delivery;
