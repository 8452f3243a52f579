package io.noesis.report;

import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.svg.SVGGraphics2D;

/**
 * Draws a chart as SVG inside the page: it scales with the page, takes its colours and font from
 * the style sheet ({@link Ink}), carries a title and a description, and holds no random or dated
 * id. The same chart gives the same text.
 */
final class ChartSvg {
  /** Width of every chart; small, so that 13 px letters stay legible on a phone. */
  static final int WIDTH = 400;

  static final Font LABELS = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
  static final BasicStroke HAIRLINE = new BasicStroke(1f);
  static final BasicStroke CURVE =
      new BasicStroke(2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  static final BasicStroke DASHED =
      new BasicStroke(
          1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1f, new float[] {5f, 4f}, 0f);

  private ChartSvg() {}

  /**
   * What stands around a drawing.
   *
   * @param id unique on the page
   * @param title one line
   * @param description what is to be seen, for those who do not see it
   * @param height in the units of {@link #WIDTH}
   */
  record Frame(String id, String title, String description, int height) {}

  /** The chart as an {@code svg} element. */
  static String draw(XYPlot plot, Frame frame) {
    plain(plot);
    JFreeChart chart = new JFreeChart(null, LABELS, plot, false);
    chart.setBackgroundPaint(null);
    chart.setPadding(new RectangleInsets(4, 2, 2, 8));
    SVGGraphics2D graphics = new SVGGraphics2D(WIDTH, frame.height());
    graphics.setGeomDoubleConverter(ChartSvg::coordinate);
    graphics.setTransformDoubleConverter(ChartSvg::coordinate);
    graphics.setDefsKeyPrefix(frame.id() + "-");
    chart.draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, frame.height()));
    String drawn = graphics.getSVGElement();
    int begin = drawn.indexOf('>') + 1;
    return head(frame) + lighter(drawn.substring(begin)) + "\n";
  }

  private static String head(Frame frame) {
    String id = frame.id();
    return "<svg class=\"chart\" role=\"img\" id=\"%s\" viewBox=\"0 0 %d %d\" aria-labelledby=\"%s-t %s-d\">"
            .formatted(id, WIDTH, frame.height(), id, id)
        + "<title id=\"%s-t\">%s</title><desc id=\"%s-d\">%s</desc>"
            .formatted(id, Html.escape(frame.title()), id, Html.escape(frame.description()));
  }

  /** Takes out what repeats the defaults, the clip paths (ranges hold all points) and the font. */
  private static String lighter(String drawn) {
    String svg =
        drawn
            .replaceAll("(?s)<defs>.*?</defs>", "")
            .replaceAll(" clip-path='[^']*'", "")
            .replaceAll("(stroke|fill)-opacity: ?1\\.0;?", "")
            .replace("stroke-miterlimit:10.0;", "")
            .replaceAll("font-family: [^;']*;", "")
            .replaceAll(" style='[; ]*'", "");
    for (Ink ink : Ink.values()) {
      svg = svg.replace(ink.sentinel(), ink.css());
    }
    return svg;
  }

  private static String coordinate(double value) {
    return Numbers.format(value, 1).replaceAll("\\.0$", "");
  }

  private static void plain(XYPlot plot) {
    plot.setBackgroundPaint(null);
    plot.setOutlineVisible(false);
    plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
    plot.setDomainGridlinePaint(Ink.LINE.color());
    plot.setRangeGridlinePaint(Ink.LINE.color());
    plot.setDomainGridlineStroke(HAIRLINE);
    plot.setRangeGridlineStroke(HAIRLINE);
    plain(plot.getDomainAxis());
    plain(plot.getRangeAxis());
  }

  private static void plain(ValueAxis axis) {
    axis.setLabelFont(LABELS);
    axis.setTickLabelFont(LABELS);
    axis.setLabelPaint(Ink.MUTED.color());
    axis.setTickLabelPaint(Ink.MUTED.color());
    axis.setAxisLinePaint(Ink.LINE.color());
    axis.setTickMarksVisible(false);
    axis.setMinorTickMarksVisible(false);
    axis.setLabelInsets(new RectangleInsets(4, 4, 4, 4));
  }

  /** A number format that is the same on every machine. */
  static DecimalFormat format(String pattern) {
    return new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT));
  }
}
