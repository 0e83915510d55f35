/**
 * Changes as JSON lines. Start at {@link io.drasi.sink.jsonl.JsonLinesSink}; the format is
 * described at {@link io.drasi.sink.jsonl.JsonLinesWriter}.
 */
@Export
@Version("1.0.0")
package io.drasi.sink.jsonl;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
