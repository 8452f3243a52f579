package io.noesis.ingest.signal;

/** Which slow course is removed from every column by least squares. */
public enum Trend {
  /** Nothing is removed. */
  NONE(-1),
  /** The mean. */
  MEAN(0),
  /** The mean and a straight line. */
  LINEAR(1),
  /** The mean, a line and a parabola. */
  QUADRATIC(2);

  private final int degree;

  Trend(int degree) {
    this.degree = degree;
  }

  /** The degree of the polynomial; -1 for none. */
  public int degree() {
    return degree;
  }
}
