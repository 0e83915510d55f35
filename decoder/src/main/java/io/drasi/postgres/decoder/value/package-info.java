/** Values of columns, by type. Start at {@link io.drasi.postgres.decoder.value.TypeCodecs}. */
@Export
@Version("1.0.0")
package io.drasi.postgres.decoder.value;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
