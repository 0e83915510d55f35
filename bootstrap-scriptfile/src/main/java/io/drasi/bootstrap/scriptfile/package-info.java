/**
 * Elements from files. Start at {@link io.drasi.bootstrap.scriptfile.ScriptFileBootstrapProvider},
 * which describes the format.
 */
@Export
@Version("1.0.0")
package io.drasi.bootstrap.scriptfile;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
