/**
 * Messages of the {@code pgoutput} plugin. Start at {@link
 * io.drasi.postgres.decoder.pgoutput.PgOutputDecoder}.
 */
@Export
@Version("1.0.0")
package io.drasi.postgres.decoder.pgoutput;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
