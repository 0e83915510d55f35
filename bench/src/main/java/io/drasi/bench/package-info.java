/** Measures the source beside its peers. Start at {@link io.drasi.bench.Bench}. */
@NullMarked
package io.drasi.bench;

import org.jspecify.annotations.NullMarked;
