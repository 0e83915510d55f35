/**
 * One connection's life: what is checked before it streams, what it reads, what it reports. Start
 * at {@link io.drasi.source.postgres.internal.session.StreamSession}.
 */
package io.drasi.source.postgres.internal.session;
