/** Certificates and keys in files, as the JDK's TLS wants them. */
package io.drasi.postgres.protocol.internal.tls;
