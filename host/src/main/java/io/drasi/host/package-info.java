/** The command line. Start at {@link io.drasi.host.Main}. */
@NullMarked
package io.drasi.host;

import org.jspecify.annotations.NullMarked;
