package io.noesis.reconstruction.diffusion.schedule;

/** Which of the steps of training a shorter run visits (Lin et al. 2023, arXiv:2305.08891). */
public enum Spacing {
  /** Every k-th from the first; misses the noisiest. */
  LEADING("leading"),
  /** Every k-th from the last; misses the cleanest. */
  TRAILING("trailing"),
  /** Evenly between first and last, both included. */
  LINSPACE("linspace"),
  /** Evenly from the last, the first left out, cut to whole numbers: SDXL's own code (sgm). */
  SGM("sgm");

  private final String key;

  Spacing(String key) {
    this.key = key;
  }

  /** The name in a {@code scheduler_config.json}. */
  public String key() {
    return key;
  }

  /** Time steps from noisy to clean; LINSPACE gives fractions. */
  double[] steps(int trainSteps, int steps, int offset) {
    return switch (this) {
      case LEADING -> {
        int stride = trainSteps / steps;
        double[] out = new double[steps];
        for (int i = 0; i < steps; i++) {
          out[i] = (double) stride * (steps - 1 - i) + offset;
        }
        yield out;
      }
      case TRAILING -> trailing(trainSteps, steps);
      case SGM -> {
        double[] out = new double[steps];
        double gap = (trainSteps - 1.0) / steps;
        for (int i = 0; i < steps; i++) {
          out[i] = Math.floor(trainSteps - 1 - i * gap);
        }
        yield out;
      }
      case LINSPACE -> {
        double[] out = new double[steps];
        double gap = steps == 1 ? 0 : (trainSteps - 1.0) / (steps - 1);
        for (int i = 0; i < steps; i++) {
          out[i] = i == 0 && steps > 1 ? trainSteps - 1 : gap * (steps - 1 - i);
        }
        yield out;
      }
    };
  }

  /**
   * As {@link #steps}, laid out with one step more whose cleanest is left out: multistep solvers
   * end between it and the picture.
   */
  double[] stepsOfSolver(int trainSteps, int lastStep, int steps, int offset) {
    if (this == TRAILING) {
      double gap = (double) trainSteps / steps;
      int count = lastStep == trainSteps ? steps : (int) Math.ceil(lastStep / gap);
      double[] out = new double[count];
      for (int i = 0; i < out.length; i++) {
        out[i] = Math.rint(lastStep - i * gap) - 1;
      }
      return out;
    }
    double[] all = steps(lastStep, steps + 1, offset);
    double[] out = new double[steps];
    for (int i = 0; i < steps; i++) {
      out[i] = Math.rint(all[i]);
    }
    return out;
  }

  private static double[] trailing(int trainSteps, int steps) {
    double gap = (double) trainSteps / steps;
    double[] out = new double[steps];
    for (int i = 0; i < steps; i++) {
      out[i] = Math.rint(trainSteps - i * gap) - 1;
    }
    return out;
  }
}
