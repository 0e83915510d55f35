package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.source.SourceException;
import io.drasi.postgres.protocol.replication.SlotName;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who acknowledges by itself, in a file, so that the slot waits for all of them after a restart of
 * the process. The ids suffice: what the slot has confirmed lies at or before what each of them has
 * acknowledged; unless the slot was lost, which is noted, too. So is that the slot was used: where
 * it is gone when the process starts, that is a loss.
 *
 * <p>An id is on disk before the slot may pass what its subscriber has not acknowledged: the file
 * is written anew beside the old one, forced to the disk, and put in its place.
 *
 * <p>Not thread-safe: guarded by the lock of the {@link SubscriptionHub}.
 */
public final class Register {
  private static final Logger log = LoggerFactory.getLogger(Register.class);
  private static final String FIRST_LINE = "drasi subscribers, version 1";

  /** Follows the first line, before the name of the slot that was used. */
  private static final String SLOT = ", slot ";

  /** Follows an id, which has no space. */
  private static final String BEHIND = " behind";

  private final @Nullable Path file;
  private final String slot;
  private final Set<String> ids = new TreeSet<>();

  /** Those of them who have missed changes for good. */
  private final Set<String> behind = new TreeSet<>();

  private boolean slotUsed;

  private Register(@Nullable Path file, String slot) {
    this.file = file;
    this.slot = slot;
  }

  /** A register that is forgotten with the process. */
  public static Register inMemory() {
    return new Register(null, "");
  }

  /**
   * A register in a folder.
   *
   * @param sourceId whose subscribers they are; names the file
   * @param slot the slot they are streamed to from
   * @throws SourceException when the file cannot be read, or holds something else
   */
  public static Register in(Path folder, String sourceId, SlotName slot) {
    if (!Files.isDirectory(folder)) {
      throw new SourceException("state_dir: %s is no folder".formatted(folder), null);
    }
    Path file = folder.resolve(encode(sourceId) + ".subscribers");
    var register = new Register(file, slot.value());
    if (Files.exists(file)) {
      register.read(file);
    }
    return register;
  }

  private void read(Path from) {
    try {
      var lines = Files.readAllLines(from);
      if (lines.isEmpty() || !isFirst(lines.get(0))) {
        throw new SourceException(
            "%s is no list of subscribers; remove it if nobody needs it".formatted(from), null);
      }
      for (String line : lines.subList(1, lines.size())) {
        boolean isBehind = line.endsWith(BEHIND);
        String encoded = isBehind ? line.substring(0, line.length() - BEHIND.length()) : line;
        String id = URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        ids.add(id);
        if (isBehind) {
          behind.add(id);
        }
      }
      noteSlot(lines.get(0));
    } catch (IOException | IllegalArgumentException e) {
      throw new SourceException("%s cannot be read: %s".formatted(from, e.getMessage()), e);
    }
  }

  private void noteSlot(String firstLine) {
    slotUsed = firstLine.equals(firstLineOfUsed());
    if (!slotUsed && !firstLine.equals(FIRST_LINE) && !ids.isEmpty()) {
      log.warn(
          "{} is of {}; what that kept for {} does not come from the slot {}",
          file,
          firstLine.substring(firstLine.lastIndexOf(SLOT) + 2),
          ids,
          slot);
      behind.addAll(ids);
    }
  }

  private static boolean isFirst(String line) {
    return line.equals(FIRST_LINE) || line.startsWith(FIRST_LINE + SLOT);
  }

  private String firstLineOfUsed() {
    return FIRST_LINE + SLOT + slot;
  }

  /** Whether the slot was used, by this process or one before it. */
  boolean isSlotUsed() {
    return slotUsed;
  }

  /**
   * The slot is used; it is on disk when the call returns.
   *
   * @throws SourceException when it cannot be written; nothing is changed then
   */
  void setSlotUsed() {
    if (slotUsed) {
      return;
    }
    slotUsed = true;
    try {
      write();
    } catch (IOException e) {
      slotUsed = false;
      throw new SourceException(
          "that the slot %s is used cannot be noted in %s: %s"
              .formatted(slot, file, e.getMessage()),
          e);
    }
  }

  /** The ids. */
  Set<String> ids() {
    return Set.copyOf(ids);
  }

  /**
   * Adds an id; it is on disk when the call returns.
   *
   * @throws SourceException when it cannot be written; nothing is changed then
   */
  void add(String id) {
    if (ids.add(id)) {
      try {
        write();
      } catch (IOException e) {
        ids.remove(id);
        throw new SourceException(
            "the subscriber %s cannot be noted in %s: %s".formatted(id, file, e.getMessage()), e);
      }
    }
  }

  /**
   * Removes an id. Where that cannot be written it is on the safe side: after a restart of the
   * process the slot waits for the subscriber once more.
   */
  void remove(String id) {
    behind.remove(id);
    if (ids.remove(id)) {
      try {
        write();
      } catch (IOException e) {
        log.warn("the subscriber {} cannot be removed from {}", id, file, e);
      }
    }
  }

  /**
   * The slot is lost, and all have missed changes for good; it is on disk when the call returns.
   *
   * @throws SourceException when it cannot be written; nothing is changed then
   */
  void lose() {
    Set<String> before = Set.copyOf(behind);
    boolean usedBefore = slotUsed;
    behind.addAll(ids);
    slotUsed = false;
    try {
      write();
    } catch (IOException e) {
      behind.retainAll(before);
      slotUsed = usedBefore;
      throw new SourceException(
          "that changes are lost cannot be noted in %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** Whether one has missed changes for good. */
  boolean isBehind(String id) {
    return behind.contains(id);
  }

  /** One has everything again. */
  void setCurrent(String id) {
    if (behind.remove(id)) {
      try {
        write();
      } catch (IOException e) { // it is asked to bootstrap once more then
        log.warn("that {} has everything again cannot be noted in {}", id, file, e);
      }
    }
  }

  /** Removes all; the slot is given up. Where that cannot be written, see {@link #remove}. */
  void clear() {
    boolean isEmpty = ids.isEmpty() && !slotUsed;
    ids.clear();
    behind.clear();
    slotUsed = false;
    if (!isEmpty) {
      try {
        write();
      } catch (IOException e) {
        log.warn("the subscribers cannot be removed from {}", file, e);
      }
    }
  }

  private void write() throws IOException {
    Path target = file;
    if (target == null) {
      return;
    }
    String content =
        Stream.concat(
                Stream.of(slotUsed ? firstLineOfUsed() : FIRST_LINE), ids.stream().map(this::line))
            .collect(Collectors.joining("\n", "", "\n"));
    Path next = target.resolveSibling(target.getFileName() + ".new");
    // Not a FileChannel, which the interrupt of a subscriber's thread would close.
    try (var out = new FileOutputStream(next.toFile())) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
      out.getFD().sync();
    }
    Files.move(next, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    force(target.toAbsolutePath().getParent());
  }

  /** The new name is in the folder's own data, where a folder can be opened at all. */
  private static void force(@Nullable Path folder) throws IOException {
    if (folder != null && folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      boolean interrupted = Thread.interrupted();
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private String line(String id) {
    return encode(id) + (behind.contains(id) ? BEHIND : "");
  }

  private static String encode(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8);
  }
}
