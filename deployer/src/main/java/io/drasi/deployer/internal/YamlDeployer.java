package io.drasi.deployer.internal;

import io.drasi.api.config.ConfigurationException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Is told by FileInstall of the host's configuration file, and makes configurations of it: of all
 * that is in it, or where it has a mistake of nothing, and then what ran runs on.
 */
@Component(service = ArtifactInstaller.class)
public final class YamlDeployer implements ArtifactInstaller {
  /** The framework property that names the file. */
  static final String FILE = "drasi.host.configuration";

  /** The framework property that says how to check the file's sources; without it they run. */
  static final String CHECK = "drasi.host.check";

  private final @Nullable String file;
  private final Optional<SetupCheck.Output> task;
  private final SourceFactories factories;
  private final Deployment deployment;
  private final Console console;

  /** For Declarative Services. */
  @Activate
  public YamlDeployer(
      BundleContext context,
      @Reference SourceFactories factories,
      @Reference Deployment deployment,
      @Reference Console console) {
    this.file = context.getProperty(FILE);
    this.task = Optional.ofNullable(context.getProperty(CHECK)).map(SetupCheck.Output::valueOf);
    this.factories = factories;
    this.deployment = deployment;
    this.console = console;
  }

  @Override
  public boolean canHandle(File artifact) {
    return file != null && artifact.toPath().toAbsolutePath().equals(Path.of(file));
  }

  @Override
  public void install(File artifact) throws IOException {
    deploy(artifact.toPath());
  }

  @Override
  public void update(File artifact) throws IOException {
    deploy(artifact.toPath());
  }

  /** The file has gone: perhaps an editor is about to write it anew. What runs runs on. */
  @Override
  public void uninstall(File artifact) {
    console.say(artifact + ": is gone; what runs runs on as it is");
  }

  private void deploy(Path path) throws IOException {
    boolean isFirst = deployment.ids().isEmpty();
    List<WantedSource> sources;
    try {
      sources = ConfigurationFile.read(path, factories);
    } catch (ConfigurationException e) {
      e.problems().forEach(console::say);
      if (isFirst) {
        console.exit(Console.MISTAKE);
      } else {
        console.say(path + ": is not taken over; what runs runs on as it is");
      }
      return;
    }
    if (task.isPresent()) {
      console.exit(new SetupCheck(task.get(), console).run(sources));
    } else {
      Deployment.Changes changes = deployment.apply(sources);
      if (!isFirst) {
        tell(path, changes);
      }
    }
  }

  private void tell(Path path, Deployment.Changes changes) {
    changes.added().forEach(id -> console.say("%s: %s is added".formatted(path, id)));
    changes.changed().forEach(id -> console.say("%s: %s is changed".formatted(path, id)));
    changes.removed().forEach(id -> console.say("%s: %s is removed".formatted(path, id)));
    if (changes.added().isEmpty() && changes.changed().isEmpty() && changes.removed().isEmpty()) {
      console.say(path + ": no source has changed");
    }
  }
}
