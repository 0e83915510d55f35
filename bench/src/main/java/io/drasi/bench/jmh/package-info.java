/** Benchmarks of parts, by JMH: {@code ./drasi bench --jmh}. */
@NullMarked
package io.drasi.bench.jmh;

import org.jspecify.annotations.NullMarked;
