import org.jspecify.annotations.NullMarked;

/**
 * The part of the host that is a bundle: it makes configurations of a YAML file, and says on the
 * standard error what becomes of the sources. Only Declarative Services know it.
 *
 * <ul>
 *   <li>{@code internal} – start at {@link io.drasi.deployer.internal.YamlDeployer}, which is told
 *       of the file.
 * </ul>
 */
@NullMarked
module io.drasi.deployer {
  requires com.fasterxml.jackson.core;
  requires io.drasi.api;
  requires org.snakeyaml.engine.v2;
  requires static org.apache.felix.fileinstall;
  requires static org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.cm;
  requires static org.osgi.service.component.annotations;
  requires static osgi.core;
}
