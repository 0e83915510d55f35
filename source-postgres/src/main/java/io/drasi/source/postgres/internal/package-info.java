/**
 * The supervisor that builds one session after another, and the source's status. Start at {@link
 * io.drasi.source.postgres.internal.Supervisor}.
 */
package io.drasi.source.postgres.internal;
