/** Vectors as lists of numbers. Start at {@link com.example.codec.vector.VectorCodec}. */
@Export
@Version("1.0.0")
package com.example.codec.vector;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
