/** Running a source and subscribing to it. Start at {@link io.drasi.api.source.Source}. */
@Export
@Version("1.0.0")
package io.drasi.api.source;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
