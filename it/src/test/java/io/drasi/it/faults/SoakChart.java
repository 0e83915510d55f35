package io.drasi.it.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws what was sampled. */
final class SoakChart {
  private static final double MEBI = 1 << 20;

  private SoakChart() {}

  /**
   * Writes {@code <suite>-….svg} for each of what was sampled.
   *
   * @param suite the first part of the files' names
   */
  static void write(String suite, List<SoakSample> samples, Path folder) throws IOException {
    Files.createDirectories(folder);
    Path start = folder.resolve(suite);
    write(samples, start + "-memory", "heap after collection, MiB", s -> s.heapBytes() / MEBI);
    write(samples, start + "-threads", "threads", SoakSample::threads);
    write(samples, start + "-files", "open files and sockets", SoakSample::files);
    write(samples, start + "-lag", "not confirmed by the slot, MiB", s -> s.lagBytes() / MEBI);
  }

  private static void write(
      List<SoakSample> samples, String file, String what, ToDoubleFunction<SoakSample> value)
      throws IOException {
    XYChart chart =
        new XYChartBuilder().width(800).height(300).xAxisTitle("minutes").yAxisTitle(what).build();
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setPlotGridLinesVisible(false); // each dash of one would be in the file
    chart
        .addSeries(
            what,
            samples.stream().mapToDouble(s -> s.at().toMillis() / 60_000.0).toArray(),
            samples.stream().mapToDouble(value).toArray())
        .setMarker(SeriesMarkers.NONE);
    VectorGraphicsEncoder.saveVectorGraphic(chart, file, VectorGraphicsFormat.SVG);
  }
}
