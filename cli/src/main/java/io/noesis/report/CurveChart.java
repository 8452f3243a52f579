package io.noesis.report;

import io.noesis.report.SubjectPanel.Curve;
import io.noesis.report.SubjectPanel.CurvePoint;
import java.awt.Paint;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.DeviationRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;

/** Retrieval accuracy against pool size, with what chance does. */
final class CurveChart {
  private static final int HEIGHT = 290;
  private static final Shape DISC = new Ellipse2D.Double(-4, -4, 8, 8);
  private static final Shape SQUARE = new Rectangle2D.Double(-3.5, -3.5, 7, 7);

  private CurveChart() {}

  /** Whether there is a point that can be drawn. */
  static boolean drawable(Curve curve) {
    return !drawn(curve).isEmpty();
  }

  /** The chart as an {@code svg} element. */
  static String svg(Curve curve, String id, String subject) {
    List<CurvePoint> points = drawn(curve);
    PoolAxis pools =
        new PoolAxis("Candidates in the pool", points.stream().map(CurvePoint::pool).toList());
    NumberAxis accuracy = new NumberAxis("Accuracy");
    accuracy.setRange(0, 1.03);
    accuracy.setTickUnit(new NumberTickUnit(0.2, ChartSvg.format("0.0")));
    XYPlot plot = new XYPlot(null, pools, accuracy, null);
    plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
    plot.setDomainGridlinesVisible(false);
    band(
        plot,
        0,
        band(points, CurvePoint::chanceTop1, CurvePoint::chanceLow, CurvePoint::chanceHigh),
        Ink.CHANCE,
        0.26);
    line(plot, 1, points, CurvePoint::chanceTop1, dashed(Ink.CHANCE));
    line(plot, 2, points, CurvePoint::chanceTop5, dashed(Ink.SECOND));
    band(
        plot,
        3,
        band(points, CurvePoint::top1, CurvePoint::top1Low, CurvePoint::top1High),
        Ink.FIRST,
        0.2);
    line(plot, 4, points, CurvePoint::top5, marked(Ink.SECOND, SQUARE, Ink.PAPER.color()));
    line(plot, 5, points, CurvePoint::top1, marked(Ink.FIRST, DISC, Ink.FIRST.color()));
    return ChartSvg.draw(
        plot,
        new ChartSvg.Frame(
            id,
            "Retrieval accuracy against pool size, subject " + subject,
            "Top-1 accuracy with its 95 % interval and top-5 accuracy, for pools of "
                + points.get(0).pool()
                + " to "
                + points.get(points.size() - 1).pool()
                + " candidates, with chance. The numbers are in the table below the chart.",
            HEIGHT));
  }

  private static List<CurvePoint> drawn(Curve curve) {
    return curve.points().stream()
        .filter(p -> p.pool() > 0 && (Double.isFinite(p.top1()) || Double.isFinite(p.top5())))
        .toList();
  }

  private static YIntervalSeriesCollection band(
      List<CurvePoint> points,
      ToDoubleFunction<CurvePoint> middle,
      ToDoubleFunction<CurvePoint> low,
      ToDoubleFunction<CurvePoint> high) {
    YIntervalSeries series = new YIntervalSeries("band");
    for (CurvePoint point : points) {
      double lower = low.applyAsDouble(point);
      double upper = high.applyAsDouble(point);
      if (Double.isFinite(lower + upper)) {
        series.add(point.pool(), middle.applyAsDouble(point), inside(lower), inside(upper));
      }
    }
    YIntervalSeriesCollection collection = new YIntervalSeriesCollection();
    collection.addSeries(series);
    return collection;
  }

  private static void band(
      XYPlot plot, int index, YIntervalSeriesCollection data, Ink ink, double opacity) {
    DeviationRenderer renderer = new DeviationRenderer(false, false);
    renderer.setAlpha((float) opacity);
    renderer.setSeriesFillPaint(0, ink.color());
    plot.setDataset(index, data);
    plot.setRenderer(index, renderer);
  }

  private static void line(
      XYPlot plot,
      int index,
      List<CurvePoint> points,
      ToDoubleFunction<CurvePoint> value,
      XYLineAndShapeRenderer renderer) {
    XYSeries series = new XYSeries("line");
    for (CurvePoint point : points) {
      double y = value.applyAsDouble(point);
      if (Double.isFinite(y)) {
        series.add(point.pool(), inside(y));
      }
    }
    plot.setDataset(index, new XYSeriesCollection(series));
    plot.setRenderer(index, renderer);
  }

  private static XYLineAndShapeRenderer dashed(Ink ink) {
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
    renderer.setSeriesPaint(0, ink.color());
    renderer.setSeriesStroke(0, ChartSvg.DASHED);
    return renderer;
  }

  private static XYLineAndShapeRenderer marked(Ink ink, Shape mark, Paint fill) {
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, true);
    renderer.setDrawSeriesLineAsPath(true);
    renderer.setSeriesPaint(0, ink.color());
    renderer.setSeriesStroke(0, ChartSvg.CURVE);
    renderer.setSeriesShape(0, mark);
    renderer.setUseFillPaint(true);
    renderer.setSeriesFillPaint(0, fill);
    renderer.setUseOutlinePaint(true);
    renderer.setSeriesOutlinePaint(0, ink.color());
    renderer.setSeriesOutlineStroke(0, ChartSvg.CURVE);
    return renderer;
  }

  /** Accuracies live in [0, 1]; a value outside is drawn at the edge and stands in the table. */
  private static double inside(double accuracy) {
    return Math.max(0, Math.min(1, accuracy));
  }
}
