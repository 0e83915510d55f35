/**
 * Options, read so that every mistake is named at once. Start at {@link
 * io.drasi.api.config.Options}.
 */
@Export
@Version("1.0.0")
package io.drasi.api.config;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
