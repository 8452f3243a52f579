package io.noesis.alignment.train;

import io.noesis.run.Check;
import java.util.List;

/**
 * How the learning rate moves: a factor of the largest rate for each step.
 *
 * @param shape the course
 * @param warmUp the part of the training in which it rises; from 1/25 for {@link Shape#ONE_CYCLE},
 *     else from 0
 * @param floor the factor at the end of the courses that fall to one
 * @param decline what {@link Shape#PLATEAU} and {@link Shape#STAIRS} multiply it with
 * @param patience after how many epochs without a better validation loss {@link Shape#PLATEAU} does
 * @param parts into how many equal parts {@link Shape#RESTARTS} and {@link Shape#STAIRS} divide
 *     what follows the rise
 */
public record ScheduleSpec(
    Shape shape, double warmUp, double floor, double decline, int patience, int parts) {
  /** The first factor of one cycle. */
  private static final double CYCLE_START = 1.0 / 25;

  /** A validation loss counts as better when it is smaller by this part. */
  private static final double BETTER = 1e-4;

  /** Far below a step: a part begins with its first step, whatever the division gave. */
  private static final double ROUNDING = 1e-9;

  /** The courses. */
  public enum Shape {
    /** Up along half a cosine, then down along half a cosine (Smith 2018, arXiv:1803.09820). */
    ONE_CYCLE,
    /**
     * Up in a line, then down along half a cosine (Loshchilov and Hutter 2017, arXiv:1608.03983).
     */
    COSINE,
    /** The same anew in each part. */
    RESTARTS,
    /** Up in a line, then down in a line. */
    LINEAR,
    /** Up in a line, then down by the same factor with each step. */
    EXPONENTIAL,
    /** Up in a line, then level in each part, and down between them. */
    STAIRS,
    /** Up in a line, then level. */
    CONSTANT,
    /** Up in a line, then level, and down whenever the validation loss does not get better. */
    PLATEAU
  }

  /** Checks the ranges. */
  public ScheduleSpec {
    Check.argument(
        warmUp >= 0 && warmUp < 1,
        "warm-up of the learning rate: expected a part from 0 to below 1, found %s",
        warmUp);
    Check.argument(
        floor >= 0 && floor <= 1 && decline > 0 && decline < 1 && patience >= 1 && parts >= 1,
        "schedule of the learning rate: expected a floor from 0 to 1, a decline between 0 and 1,"
            + " a patience of at least 1 epoch and at least 1 part, found %s, %s, %d, %d",
        floor,
        decline,
        patience,
        parts);
    Check.argument(
        shape != Shape.EXPONENTIAL || floor > 0,
        "an exponential schedule of the learning rate: expected a floor above 0, found %s",
        floor);
  }

  /** One cycle that rises for a tenth of the training and ends at 1/25000 of its peak. */
  public static ScheduleSpec defaults() {
    return new ScheduleSpec(Shape.ONE_CYCLE, 0.1, 4e-5, 0.5, 5, 4);
  }

  /** The largest rate from beginning to end. */
  public static ScheduleSpec constant() {
    return new ScheduleSpec(Shape.CONSTANT, 0, 0, 0.5, 5, 4);
  }

  /**
   * The factor of a step.
   *
   * @param step from 0
   * @param steps of the whole training
   * @param validation losses of the epochs before, in order
   * @return between 0 and 1
   */
  double factor(int step, int steps, List<Double> validation) {
    double rising = warmUp * steps;
    if (shape == Shape.ONE_CYCLE) {
      double peak = Math.max(rising - 1, 0);
      return step < peak
          ? between(CYCLE_START, 1, step / peak)
          : between(1, floor, (step - peak) / Math.max(steps - 1 - peak, 1));
    }
    if (step < Math.floor(rising)) {
      return (step + 1) / (Math.floor(rising) + 1);
    }
    double done = (step - rising) / Math.max(steps - rising, 1);
    double inParts = done * parts;
    return switch (shape) {
      case COSINE -> between(1, floor, done);
      case RESTARTS -> between(1, floor, inParts - Math.floor(inParts + ROUNDING));
      case LINEAR -> 1 + (floor - 1) * done;
      case EXPONENTIAL -> StrictMath.pow(floor, done);
      case STAIRS -> StrictMath.pow(decline, Math.floor(inParts + ROUNDING));
      case PLATEAU -> StrictMath.pow(decline, declines(validation));
      default -> 1;
    };
  }

  private static double between(double from, double to, double part) {
    return to + (from - to) / 2 * (1 + StrictMath.cos(StrictMath.PI * part));
  }

  private int declines(List<Double> validation) {
    double best = Double.POSITIVE_INFINITY;
    int worse = 0;
    int declines = 0;
    for (double loss : validation) {
      if (loss < best * (1 - BETTER)) {
        best = loss;
        worse = 0;
      } else if (++worse > patience) {
        worse = 0;
        declines++;
      }
    }
    return declines;
  }
}
