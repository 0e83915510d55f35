package io.drasi.api.source;

import org.osgi.annotation.versioning.ConsumerType;

/** Is told what becomes of a source. */
@ConsumerType
@FunctionalInterface
public interface SourceStatusListener {

  /**
   * The source has a new status.
   *
   * @param source the source
   * @param status its status; may be outdated when the call comes, but none is left out
   */
  void statusChanged(Source source, SourceStatus status);
}
