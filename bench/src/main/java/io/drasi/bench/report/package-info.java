/** The document and its charts. Start at {@link io.drasi.bench.report.Document}. */
@NullMarked
package io.drasi.bench.report;

import org.jspecify.annotations.NullMarked;
