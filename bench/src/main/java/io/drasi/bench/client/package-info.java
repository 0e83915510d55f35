/**
 * What runs in a process of its own and is measured there. Start at {@link
 * io.drasi.bench.client.Client}.
 */
@NullMarked
package io.drasi.bench.client;

import org.jspecify.annotations.NullMarked;
