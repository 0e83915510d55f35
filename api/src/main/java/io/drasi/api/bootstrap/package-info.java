/**
 * Loading what exists before the first change. Start at {@link
 * io.drasi.api.bootstrap.BootstrapProviderFactory}.
 */
@Export
@Version("1.0.0")
package io.drasi.api.bootstrap;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
