/**
 * Running the bootstraps of subscribers. Start at {@link
 * io.drasi.source.postgres.internal.bootstrap.Bootstraps}.
 */
package io.drasi.source.postgres.internal.bootstrap;
