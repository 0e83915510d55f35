package io.drasi.bench.report;

import java.util.Locale;

/** Draws. The colors are read on light and on dark pages. Not thread-safe. */
final class Svg {
  private static final String[] COLORS = {
    "#2f6fde", "#6f9fee", "#8a8f98", "#b0b5bd", "#5f6670", "#c9a227", "#d9534f", "#e58e8b"
  };

  private final int width;
  private final int height;
  private final StringBuilder shapes = new StringBuilder();

  Svg(int width, int height) {
    this.width = width;
    this.height = height;
  }

  static String color(int index) {
    return COLORS[index % COLORS.length];
  }

  void bar(double x, double y, double barWidth, double barHeight, String color) {
    add(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>",
        x, y, Math.max(0.5, barWidth), barHeight, color);
  }

  void line(double x1, double y1, double x2, double y2, String color, double thickness) {
    add(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%.1f\"/>",
        x1, y1, x2, y2, color, thickness);
  }

  /** Text that is anchored at {@code start}, {@code middle} or {@code end}. */
  void text(double x, double y, String anchor, String text) {
    add(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
        x, y, anchor, text.replace("&", "&amp;").replace("<", "&lt;"));
  }

  private void add(String shape, Object... values) {
    shapes.append("  ").append(String.format(Locale.ROOT, shape, values)).append('\n');
  }

  /** The picture. */
  String picture() {
    return """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12" fill="#777">
        %s</svg>
        """
        .formatted(width, height, shapes);
  }
}
