/** Nothing to load. Start at {@link io.drasi.bootstrap.noop.NoopBootstrapProvider}. */
@Export
@Version("1.0.0")
package io.drasi.bootstrap.noop;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
