package io.noesis.report;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;

/** A logarithmic axis whose ticks are the measured pool sizes, as many as do not touch. */
final class PoolAxis extends LogAxis {
  private static final long serialVersionUID = 1L;

  /** The least distance of two ticks as a share of the axis. */
  private static final double APART = 0.09;

  private final int[] pools;

  PoolAxis(String label, List<Integer> pools) {
    super(label);
    this.pools = pools.stream().mapToInt(Integer::intValue).sorted().distinct().toArray();
    int least = this.pools[0];
    int most = this.pools[this.pools.length - 1];
    setRange(least * 0.88, Math.max(most, least + 1) * 1.12);
  }

  @Override
  public List<NumberTick> refreshTicks(
      Graphics2D graphics, AxisState state, Rectangle2D area, RectangleEdge edge) {
    List<NumberTick> ticks = new ArrayList<>();
    double width = Math.log(getUpperBound() / getLowerBound());
    double last = Double.POSITIVE_INFINITY;
    for (int i = pools.length - 1; i >= 0; i--) {
      double position = Math.log(pools[i] / getLowerBound()) / width;
      if (last - position >= APART) {
        String text = Integer.toString(pools[i]);
        ticks.add(new NumberTick(pools[i], text, TextAnchor.TOP_CENTER, TextAnchor.CENTER, 0));
        last = position;
      }
    }
    return ticks;
  }
}
