/** The messages of the server, one type each, and the reader of their fields. */
@Export
@Version("1.0.0")
package io.drasi.postgres.protocol.message;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
