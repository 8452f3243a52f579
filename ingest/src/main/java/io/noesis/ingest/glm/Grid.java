package io.noesis.ingest.glm;

/**
 * The fine time grid on which events are placed before convolution. Its rounding repeats that of
 * NumPy's {@code linspace}, because an event on a grid point would else land one step beside it.
 */
final class Grid {
  /** Events may begin this long before the first volume and still leave a response. */
  static final double LEAD_SECONDS = 24;

  private final double[] times;

  private Grid(double[] times) {
    this.times = times;
  }

  /**
   * @param frameTimes when the volumes were sampled
   * @param oversampling grid steps per volume
   */
  static Grid of(double[] frameTimes, int oversampling) {
    int n = frameTimes.length;
    double first = frameTimes[0];
    double last = frameTimes[n - 1];
    double stop = last * (1 + 1.0 / (n - 1));
    double steps = (n - 1) * 1.0 / (last - first) * ((stop - first + LEAD_SECONDS) * oversampling);
    return new Grid(evenly(first - LEAD_SECONDS, stop, (int) Math.rint(steps + 1)));
  }

  /** {@code n} values from start to stop, both included. */
  static double[] evenly(double start, double stop, int n) {
    double[] out = new double[n];
    double step = (stop - start) / (n - 1);
    for (int i = 0; i < n; i++) {
      out[i] = i * step + start;
    }
    out[n - 1] = stop;
    return out;
  }

  int size() {
    return times.length;
  }

  double time(int i) {
    return times[i];
  }

  /** The first grid point at or after t, at most the last one. */
  int at(double t) {
    int low = 0;
    int high = times.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times[middle] < t) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return Math.min(low, times.length - 1);
  }
}
