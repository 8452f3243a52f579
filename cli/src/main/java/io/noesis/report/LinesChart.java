package io.noesis.report;

import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.DeviationRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;

/** A few lines over one axis, some with their interval. */
final class LinesChart {
  private static final int HEIGHT = 250;
  private static final Shape DISC = new Ellipse2D.Double(-4, -4, 8, 8);
  private static final Shape SQUARE = new Rectangle2D.Double(-3.5, -3.5, 7, 7);

  private LinesChart() {}

  /** How a line is drawn. */
  enum Mark {
    /** A plain line. */
    NONE,
    /** Discs. */
    DISC,
    /** Hollow squares. */
    SQUARE,
    /** Dashes. */
    DASH
  }

  /**
   * A point.
   *
   * @param x across
   * @param y up
   * @param low of the interval; NaN for none
   * @param high of the interval; NaN for none
   */
  record Point(double x, double y, double low, double high) {}

  /**
   * A line.
   *
   * @param ink its colour
   * @param mark its marks
   * @param points by x; those without a finite y are left out
   */
  record Line(Ink ink, Mark mark, List<Point> points) {}

  static boolean drawable(List<Line> lines) {
    return lines.stream()
        .flatMap(line -> line.points().stream())
        .anyMatch(point -> Double.isFinite(point.y()));
  }

  /** The chart as an {@code svg} element. */
  static String svg(ValueAxis across, String up, List<Line> lines, ChartSvg.Frame frame) {
    NumberAxis axis = new NumberAxis(up);
    axis.setAutoRangeIncludesZero(false);
    XYPlot plot = new XYPlot(null, across, axis, null);
    plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
    plot.setDomainGridlinesVisible(false);
    int index = 0;
    for (Line line : lines) {
      index = band(plot, index, line);
    }
    for (Line line : lines) {
      XYSeries series = new XYSeries("line");
      line.points().stream()
          .filter(point -> Double.isFinite(point.y()))
          .forEach(point -> series.add(point.x(), point.y()));
      plot.setDataset(index, new XYSeriesCollection(series));
      plot.setRenderer(index, renderer(line));
      index++;
    }
    return ChartSvg.draw(
        plot, new ChartSvg.Frame(frame.id(), frame.title(), frame.description(), HEIGHT));
  }

  private static int band(XYPlot plot, int index, Line line) {
    YIntervalSeries series = new YIntervalSeries("band");
    line.points().stream()
        .filter(point -> Double.isFinite(point.y() + point.low() + point.high()))
        .forEach(point -> series.add(point.x(), point.y(), point.low(), point.high()));
    if (series.getItemCount() == 0) {
      return index;
    }
    YIntervalSeriesCollection collection = new YIntervalSeriesCollection();
    collection.addSeries(series);
    DeviationRenderer renderer = new DeviationRenderer(false, false);
    renderer.setAlpha(0.2f);
    renderer.setSeriesFillPaint(0, line.ink().color());
    plot.setDataset(index, collection);
    plot.setRenderer(index, renderer);
    return index + 1;
  }

  private static XYLineAndShapeRenderer renderer(Line line) {
    boolean marked = line.mark() == Mark.DISC || line.mark() == Mark.SQUARE;
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, marked);
    renderer.setDrawSeriesLineAsPath(true);
    renderer.setSeriesPaint(0, line.ink().color());
    renderer.setSeriesStroke(0, line.mark() == Mark.DASH ? ChartSvg.DASHED : ChartSvg.CURVE);
    renderer.setSeriesShape(0, line.mark() == Mark.SQUARE ? SQUARE : DISC);
    renderer.setUseFillPaint(true);
    renderer.setSeriesFillPaint(
        0, line.mark() == Mark.SQUARE ? Ink.PAPER.color() : line.ink().color());
    renderer.setUseOutlinePaint(true);
    renderer.setSeriesOutlinePaint(0, line.ink().color());
    renderer.setSeriesOutlineStroke(0, ChartSvg.CURVE);
    return renderer;
  }
}
