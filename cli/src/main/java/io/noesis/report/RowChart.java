package io.noesis.report;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jfree.chart.annotations.XYBoxAnnotation;
import org.jfree.chart.annotations.XYLineAnnotation;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * One row per subject or model: a point with its interval, drawn over the band in which the null
 * lies. All rows share one scale.
 */
final class RowChart {
  private static final int ROW = 34;
  private static final int REST = 62;
  private static final int LONGEST_LABEL = 22;
  private static final double HALF_BAND = 0.34;

  /** Single values lie a little below the line of their row, where its interval hides none. */
  private static final double BELOW = 0.22;

  private static final double ROOM = 0.6;
  private static final Shape DISC = new Ellipse2D.Double(-4.5, -4.5, 9, 9);
  private static final Shape DOT = new Ellipse2D.Double(-2.5, -2.5, 5, 5);
  private static final Shape DIAMOND = diamond(6);
  private static final BasicStroke THICK =
      new BasicStroke(2.5f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);

  private RowChart() {}

  /** How important a row is. */
  enum Weight {
    /** One subject or model: a disc. */
    SINGLE,
    /** All subjects together: a diamond. */
    TOGETHER
  }

  /**
   * One row; numbers that are missing are NaN and are not drawn.
   *
   * @param label name at the left
   * @param weight which mark
   * @param score value, interval, null band, chance, ceiling
   * @param dots single values behind the point
   */
  record Row(String label, Weight weight, ScoreLine score, List<Double> dots) {}

  /**
   * Everything on one scale.
   *
   * @param axis what the scale measures
   * @param rows from top to bottom
   * @param bandLow lower end of a band over all rows; NaN for none
   * @param bandHigh upper end of that band
   */
  record Rows(String axis, List<Row> rows, double bandLow, double bandHigh) {}

  /** Whether there is a number that can be drawn. */
  static boolean drawable(Rows rows) {
    return rows.rows().stream().anyMatch(r -> Double.isFinite(r.score().value()));
  }

  /** The height that {@link ChartSvg.Frame} needs for that many rows. */
  static int height(int rows) {
    return REST + ROW * rows;
  }

  /** The chart as an {@code svg} element. */
  static String svg(Rows rows, ChartSvg.Frame frame) {
    NumberAxis scale = scale(rows);
    String[] labels = rows.rows().stream().map(r -> shortened(r.label())).toArray(String[]::new);
    SymbolAxis names = new SymbolAxis(null, labels);
    names.setGridBandsVisible(false);
    names.setInverted(true);
    names.setRange(-ROOM, labels.length - 1 + ROOM);
    XYPlot plot = new XYPlot(new XYSeriesCollection(), scale, names, null);
    plot.setRangeGridlinesVisible(false);
    band(plot, rows.bandLow(), rows.bandHigh(), -ROOM, labels.length - 1 + ROOM, Ink.SECOND);
    for (int i = 0; i < labels.length; i++) {
      row(plot, rows.rows().get(i), i, scale, rows.bandLow());
    }
    points(plot, rows.rows());
    return ChartSvg.draw(plot, frame);
  }

  private static NumberAxis scale(Rows rows) {
    double[] all =
        Stream.concat(
                Stream.of(rows.bandLow(), rows.bandHigh()),
                rows.rows().stream().flatMap(r -> numbers(r).boxed()))
            .mapToDouble(Double::doubleValue)
            .filter(Double::isFinite)
            .toArray();
    double least = DoubleStream.of(all).min().orElse(0);
    double most = DoubleStream.of(all).max().orElse(1);
    double margin = most > least ? 0.06 * (most - least) : 0.5;
    NumberAxis scale = new NumberAxis(Html.clean(rows.axis()));
    scale.setStandardTickUnits(NumberAxis.createStandardTickUnits(Locale.ROOT));
    scale.setRange(least - margin, most + margin);
    return scale;
  }

  private static DoubleStream numbers(Row row) {
    ScoreLine s = row.score();
    Double ceiling = s.ceiling();
    DoubleStream own =
        DoubleStream.of(
            s.value(),
            s.low(),
            s.high(),
            s.nullLow(),
            s.nullHigh(),
            s.chance(),
            ceiling == null ? Double.NaN : ceiling);
    return DoubleStream.concat(own, row.dots().stream().mapToDouble(Double::doubleValue));
  }

  private static void row(XYPlot plot, Row row, int y, NumberAxis scale, double bandLow) {
    ScoreLine score = row.score();
    band(plot, score.nullLow(), score.nullHigh(), y - HALF_BAND, y + HALF_BAND, Ink.CHANCE);
    upright(plot, score.chance(), y, Ink.CHANCE, ChartSvg.CURVE);
    Double ceiling = score.ceiling();
    if (ceiling != null && Double.isNaN(bandLow)) {
      upright(plot, ceiling, y, Ink.SECOND, ChartSvg.DASHED);
    }
    if (Double.isFinite(score.low() + score.high())) {
      plot.addAnnotation(
          new XYLineAnnotation(score.low(), y, score.high(), y, THICK, Ink.FIRST.color()));
    }
    if (!Double.isFinite(score.value())) {
      XYTextAnnotation none =
          new XYTextAnnotation(Numbers.NONE, scale.getRange().getCentralValue(), y);
      none.setFont(ChartSvg.LABELS);
      none.setPaint(Ink.MUTED.color());
      plot.addAnnotation(none);
    }
  }

  private static void band(
      XYPlot plot, double low, double high, double top, double bottom, Ink ink) {
    if (Double.isFinite(low + high)) {
      // The axis of the rows is inverted: the larger number is drawn lower and comes first.
      plot.addAnnotation(
          new XYBoxAnnotation(
              low, bottom, high, top, ChartSvg.HAIRLINE, ink.color(0.45), ink.color(0.22)));
    }
  }

  private static void upright(XYPlot plot, double x, int y, Ink ink, BasicStroke stroke) {
    if (Double.isFinite(x)) {
      plot.addAnnotation(
          new XYLineAnnotation(x, y - HALF_BAND, x, y + HALF_BAND, stroke, ink.color()));
    }
  }

  private static void points(XYPlot plot, List<Row> rows) {
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(false, true);
    XYSeriesCollection marks = new XYSeriesCollection();
    mark(renderer, marks, "dots", DOT, Ink.MUTED);
    mark(renderer, marks, "single", DISC, Ink.FIRST);
    mark(renderer, marks, "together", DIAMOND, Ink.FIRST);
    for (int y = 0; y < rows.size(); y++) {
      Row row = rows.get(y);
      for (double dot : row.dots()) {
        add(marks.getSeries(0), dot, y + BELOW);
      }
      add(marks.getSeries(row.weight() == Weight.SINGLE ? 1 : 2), row.score().value(), y);
    }
    plot.setDataset(marks);
    plot.setRenderer(renderer);
  }

  private static void mark(
      XYLineAndShapeRenderer renderer,
      XYSeriesCollection marks,
      String name,
      Shape shape,
      Ink ink) {
    int index = marks.getSeriesCount();
    marks.addSeries(new XYSeries(name, false));
    renderer.setSeriesShape(index, shape);
    renderer.setSeriesPaint(index, ink.color());
  }

  private static void add(XYSeries series, double x, double y) {
    if (Double.isFinite(x)) {
      series.add(x, y);
    }
  }

  private static String shortened(String label) {
    String clean = Html.clean(label);
    return clean.codePointCount(0, clean.length()) <= LONGEST_LABEL
        ? clean
        : clean.substring(0, clean.offsetByCodePoints(0, LONGEST_LABEL - 1)) + "\u2026";
  }

  private static Shape diamond(double r) {
    Path2D path = new Path2D.Double();
    path.moveTo(0, -r);
    path.lineTo(r, 0);
    path.lineTo(0, r);
    path.lineTo(-r, 0);
    path.closePath();
    return path;
  }
}
