package io.drasi.deployer.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The configurations that stand for the sources of the file: for each source its own, and that of
 * the sink that prints its changes. Which they are is known by their names, so that this bundle may
 * be updated too.
 */
@Component(service = Deployment.class)
public final class Deployment {
  private static final String SINK = "io.drasi.sink.jsonl";

  /** Begins the names of what is made here; others' configurations are theirs. */
  private static final String PREFIX = "yaml.";

  private final ConfigurationAdmin admin;
  private final Set<String> ids = new ConcurrentSkipListSet<>();

  /** For Declarative Services. */
  @Activate
  public Deployment(@Reference ConfigurationAdmin admin) throws IOException {
    this.admin = admin;
    mine().forEach(configuration -> ids.add(idOf(configuration)));
  }

  /** What has become of the sources by a change, by their ids. */
  record Changes(List<String> added, List<String> changed, List<String> removed) {}

  /** The ids of the sources there are to be. */
  Set<String> ids() {
    return ids;
  }

  /** Makes, changes and deletes configurations, so that these sources are there. */
  Changes apply(List<WantedSource> sources) throws IOException {
    Map<String, Configuration> unwanted = new LinkedHashMap<>();
    for (Configuration configuration : mine()) {
      unwanted.put(configuration.getPid(), configuration);
    }
    var changes = new Changes(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    ids.addAll(sources.stream().map(WantedSource::id).toList());
    for (WantedSource source : sources) {
      Configuration sink = configuration(SINK, source.id());
      Configuration configuration = configuration(source.pid(), source.id());
      unwanted.remove(sink.getPid());
      boolean isNew = unwanted.remove(configuration.getPid()) == null;
      boolean sinkDiffers = update(sink, sinkOf(source));
      boolean differs = update(configuration, source.configuration());
      if (isNew) {
        changes.added().add(source.id());
      } else if (differs || sinkDiffers) {
        changes.changed().add(source.id());
      }
    }
    for (Configuration configuration : unwanted.values()) {
      String id = idOf(configuration);
      if (ids.remove(id)) {
        changes.removed().add(id);
      }
      configuration.delete();
    }
    return changes;
  }

  private Configuration configuration(String pid, String id) throws IOException {
    return admin.getFactoryConfiguration(pid, PREFIX + id, "?");
  }

  private static boolean update(Configuration configuration, Map<String, Object> properties)
      throws IOException {
    return configuration.updateIfDifferent(FrameworkUtil.asDictionary(properties));
  }

  private static Map<String, Object> sinkOf(WantedSource source) {
    return Map.of(
        "source_id", source.id(), "subscriber_id", "stdout", "bootstrap", source.canBootstrap());
  }

  private static String idOf(Configuration configuration) {
    String pid = configuration.getPid();
    return pid.substring(pid.indexOf('~') + 1 + PREFIX.length());
  }

  private List<Configuration> mine() throws IOException {
    try {
      Configuration[] found = admin.listConfigurations("(service.pid=*~" + PREFIX + "*)");
      return found == null ? List.of() : List.of(found);
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
