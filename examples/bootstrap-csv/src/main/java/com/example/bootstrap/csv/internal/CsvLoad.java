package com.example.bootstrap.csv.internal;

import static com.example.bootstrap.csv.CsvBootstrapProvider.BATCH_SIZE;
import static com.example.bootstrap.csv.CsvBootstrapProvider.MAX_RECORD_BYTES;

import com.example.bootstrap.csv.CsvFile;
import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.bootstrap.BootstrapSink;
import io.drasi.api.change.Element;
import io.drasi.api.change.SourceChange;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** One bootstrap. Confined to its thread. */
public final class CsvLoad {
  private final Map<CsvFile, FileState> files = new LinkedHashMap<>();
  private final String sourceId;
  private final BootstrapSink sink;
  private List<SourceChange.Insert> batch = new ArrayList<>();
  private long total;
  private long count;

  public CsvLoad(List<CsvFile> files, String sourceId, BootstrapSink sink) {
    files.forEach(file -> this.files.put(file, FileState.now(file.file())));
    this.sourceId = sourceId;
    this.sink = sink;
  }

  @FunctionalInterface
  private interface NodeConsumer {
    void accept(Element.Node node) throws InterruptedException;
  }

  /**
   * Checks all files, then hands over their nodes.
   *
   * @return how many nodes were handed over
   */
  public long run() throws InterruptedException {
    read(node -> total++);
    read(
        node -> {
          batch.add(new SourceChange.Insert(node));
          if (batch.size() == BATCH_SIZE) {
            handOver();
          }
        });
    handOver();
    return count;
  }

  private void read(NodeConsumer consumer) throws InterruptedException {
    for (CsvFile file : files.keySet()) {
      try (var reader = new CsvReader(Files.newInputStream(file.file()), MAX_RECORD_BYTES)) {
        read(file, reader, consumer);
      } catch (MalformedCsvException e) {
        throw new BootstrapException(
            "%s, line %d: %s".formatted(file.file(), e.line(), e.getMessage()), e);
      } catch (ClosedByInterruptException e) {
        Thread.interrupted(); // an InterruptedException leaves the flag cleared
        throw new InterruptedException("the bootstrap was cancelled");
      } catch (IOException e) {
        throw new BootstrapException("%s: cannot be read: %s".formatted(file.file(), e), e);
      }
    }
  }

  private void read(CsvFile file, CsvReader reader, NodeConsumer consumer)
      throws IOException, MalformedCsvException, InterruptedException {
    var modified = files.get(file).modified().toInstant().truncatedTo(ChronoUnit.MICROS);
    var table = new CsvTable(file, sourceId, modified, reader);
    Optional<Element.Node> node = table.next();
    while (node.isPresent()) {
      if (Thread.interrupted()) {
        throw new InterruptedException("the bootstrap was cancelled");
      }
      consumer.accept(node.get());
      node = table.next();
    }
  }

  private void handOver() throws InterruptedException {
    files.values().forEach(FileState::requireUnchanged);
    if (batch.isEmpty()) {
      return;
    }
    List<SourceChange.Insert> full = List.copyOf(batch);
    batch = new ArrayList<>();
    sink.accept(full);
    count += full.size();
    sink.progress(count, OptionalLong.of(total));
  }
}
