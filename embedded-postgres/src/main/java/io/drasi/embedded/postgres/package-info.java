/**
 * A throw-away PostgreSQL server for the demo and the tests. Start at {@link
 * io.drasi.embedded.postgres.EmbeddedPostgres}.
 */
@NullMarked
package io.drasi.embedded.postgres;

import org.jspecify.annotations.NullMarked;
