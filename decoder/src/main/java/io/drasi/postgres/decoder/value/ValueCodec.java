package io.drasi.postgres.decoder.value;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Decodes a type that the project does not know, such as those of extensions. Found as an OSGi
 * service, and by {@link java.util.ServiceLoader} elsewhere. It counts for arrays, domains and
 * columns of the type too. Thread-safe.
 */
@ConsumerType
public interface ValueCodec {

  /**
   * The type: {@code vector}, whatever its schema, or {@code my_schema.vector}. A name with its
   * schema counts before one without; the types of PostgreSQL itself cannot be named.
   */
  String typeName();

  /** Decodes the text format, in UTF-8. */
  ValueDecoder text();

  /**
   * Decodes the binary format, into values equal to those of the text format. Empty where it is not
   * understood: tables with such a column are then read as text, and so is a stream that they are
   * part of.
   */
  default Optional<ValueDecoder> binary() {
    return Optional.empty();
  }
}
