/**
 * What does not fit into memory. Start at {@link
 * io.drasi.source.postgres.internal.spill.SpillFile}.
 */
package io.drasi.source.postgres.internal.spill;
