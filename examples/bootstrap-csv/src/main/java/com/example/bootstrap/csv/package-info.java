/**
 * Nodes from CSV files. Start at {@link com.example.bootstrap.csv.CsvBootstrapProvider}, which
 * describes the format.
 */
@Export
@Version("1.0.0")
package com.example.bootstrap.csv;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
