package io.drasi.bench.report;

import java.util.List;

/**
 * A chart of horizontal bars, in groups.
 *
 * @param title what is shown, with its unit
 * @param groups from top to bottom
 */
record BarChart(String title, List<Group> groups) {
  private static final int WIDTH = 760;
  private static final int LEFT = 260;
  private static final int RIGHT = 110;
  private static final int TOP = 34;
  private static final int BAR = 18;
  private static final int GAP = 10;

  /** Bars that belong together. */
  record Group(String name, List<Bar> bars) {}

  /** One bar; its color is that of its contestant. */
  record Bar(String name, double value, int color) {}

  /** Bars without a group. */
  static BarChart of(String title, List<Bar> bars) {
    return new BarChart(title, List.of(new Group("", bars)));
  }

  /** Draws it. */
  String draw() {
    double most =
        groups.stream().flatMap(g -> g.bars().stream()).mapToDouble(Bar::value).max().orElse(1);
    int y = TOP;
    int height = TOP;
    for (Group group : groups) {
      height += (group.name().isEmpty() ? 0 : BAR) + group.bars().size() * BAR + GAP;
    }
    var svg = new Svg(WIDTH, height);
    svg.text(0, 16, "start", title);
    for (Group group : groups) {
      if (!group.name().isEmpty()) {
        svg.text(0, y + 13.0, "start", group.name());
        y += BAR;
      }
      for (Bar bar : group.bars()) {
        double length = bar.value() / most * (WIDTH - LEFT - RIGHT);
        svg.text(LEFT - 8.0, y + 13.0, "end", bar.name());
        svg.bar(LEFT, y + 2.0, length, BAR - 4.0, Svg.color(bar.color()));
        svg.text(LEFT + length + 6, y + 13.0, "start", Figures.number(bar.value()));
        y += BAR;
      }
      y += GAP;
    }
    return svg.picture();
  }
}
