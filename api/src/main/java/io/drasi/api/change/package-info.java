/**
 * Changes to elements, and the values they carry. Start at {@link
 * io.drasi.api.change.SourceChange}.
 */
@Export
@Version("1.0.0")
package io.drasi.api.change;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
