package io.drasi.it;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.it.support.ModulePath;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A library jar says the same to the module system, to OSGi and to the class path. */
class ModuleJarsIT {
  private static final String SERVICES = "META-INF/services/";

  /** A clause of a manifest's header, and its rest; a quoted part may hold anything. */
  private static final Pattern CLAUSE =
      Pattern.compile("\\s*([^;,\"]+)((?:;(?:[^,\"]|\"[^\"]*\")*)?)(?:,|$)");

  static List<Path> jars() throws IOException {
    return ModulePath.ourJars();
  }

  @Test
  void everyLibraryModuleIsLookedAt() throws IOException {
    assertThat(jars()).hasSize(9);
  }

  private static ModuleDescriptor module(Path jar) {
    return ModuleFinder.of(jar).findAll().iterator().next().descriptor();
  }

  private static Map<String, String> header(JarFile jar, String name) throws IOException {
    Map<String, String> clauses = new TreeMap<>();
    String header = jar.getManifest().getMainAttributes().getValue(name);
    Matcher matcher = CLAUSE.matcher(header == null ? "" : header);
    while (matcher.find()) {
      clauses.put(matcher.group(1), matcher.group(2));
    }
    return clauses;
  }

  @ParameterizedTest
  @MethodSource("jars")
  void theModuleExportsWhatTheBundleExports(Path path) throws IOException {
    ModuleDescriptor module = module(path);
    assertThat(module.isOpen() || module.isAutomatic()).isFalse();
    assertThat(module.opens()).isEmpty();
    assertThat(module.exports()).isNotEmpty().noneMatch(ModuleDescriptor.Exports::isQualified);
    try (var jar = new JarFile(path.toFile())) {
      Map<String, String> exported = header(jar, "Export-Package");
      assertThat(exported.keySet())
          .containsExactlyInAnyOrderElementsOf(
              module.exports().stream().map(ModuleDescriptor.Exports::source).toList());
      assertThat(exported.values()).allMatch(rest -> rest.contains(";version="));
    }
  }

  @ParameterizedTest
  @MethodSource("jars")
  void theBundleHasTheNameOfTheModule(Path path) throws IOException {
    try (var jar = new JarFile(path.toFile())) {
      assertThat(header(jar, "Bundle-SymbolicName").keySet()).containsExactly(module(path).name());
    }
  }

  @ParameterizedTest
  @MethodSource("jars")
  void theClassPathFindsTheServicesThatTheModuleProvides(Path path) throws IOException {
    Map<String, Set<String>> provided =
        module(path).provides().stream()
            .collect(
                toMap(
                    ModuleDescriptor.Provides::service,
                    provides -> new TreeSet<>(provides.providers())));
    Map<String, Set<String>> listed = new TreeMap<>();
    try (var jar = new JarFile(path.toFile())) {
      for (JarEntry entry : jar.stream().toList()) {
        if (entry.getName().startsWith(SERVICES) && !entry.isDirectory()) {
          try (var content = jar.getInputStream(entry)) {
            String lines = new String(content.readAllBytes(), StandardCharsets.UTF_8);
            listed.put(
                entry.getName().substring(SERVICES.length()),
                new LinkedHashSet<>(lines.lines().filter(line -> !line.isBlank()).toList()));
          }
        }
      }
    }
    assertThat(listed).isEqualTo(provided);
  }

  @ParameterizedTest
  @MethodSource("jars")
  void theBundleAsksForPackagesOnly(Path path) throws IOException {
    try (var jar = new JarFile(path.toFile())) {
      var manifest = jar.getManifest().getMainAttributes();
      assertThat(manifest.getValue("Require-Bundle")).isNull();
      assertThat(manifest.getValue("DynamicImport-Package")).isNull();
      assertThat(header(jar, "Import-Package").entrySet())
          .allSatisfy(
              imported ->
                  assertThat(imported.getValue())
                      .as(imported.getKey())
                      .matches(
                          rest ->
                              imported.getKey().matches("(javax|jdk)\\..*")
                                  || rest.contains(";version=\"[")));
    }
  }
}
