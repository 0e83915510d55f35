/**
 * The embedded OSGi framework. Start at {@link io.drasi.host.framework.Host}. Nothing here knows
 * more than the framework, Configuration Admin and slf4j; all else is a bundle.
 */
@NullMarked
package io.drasi.host.framework;

import org.jspecify.annotations.NullMarked;
