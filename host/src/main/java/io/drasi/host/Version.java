package io.drasi.host;

import picocli.CommandLine.IVersionProvider;

/** The version as the jar's manifest says it. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "drasi " + (version == null ? "(not packaged)" : version),
      "Java %s, %s %s"
          .formatted(
              Runtime.version(), System.getProperty("os.name"), System.getProperty("os.arch"))
    };
  }
}
