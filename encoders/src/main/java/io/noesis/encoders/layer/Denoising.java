package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;

/**
 * How embeddings are made noisy, and what the network that cleans them has to say: x_t = √ā_t · x₀
 * + √(1 − ā_t) · ε, where ā falls from nearly 1 to nearly 0 over the steps (Ho et al. 2020,
 * arXiv:2006.11239). The objective of diffusion priors; a prior reports {@link #loss} as a term.
 *
 * @param steps of the whole course
 * @param course how ā falls
 * @param says what the network predicts
 */
public record Denoising(int steps, Course course, Says says) {
  private static final double OFFSET = 0.008;
  private static final double LARGEST_BETA = 0.999;
  private static final double FIRST_BETA = 1e-4;
  private static final double LAST_BETA = 0.02;

  /** Steps of the linear course for which the two betas were given; others are scaled to it. */
  private static final double LINEAR_STEPS = 1000;

  /** How much of the signal is left. */
  public enum Course {
    /** β from 1e-4 to 0.02 in a line, for 1000 steps. */
    LINEAR,
    /** ā along a squared cosine (Nichol and Dhariwal 2021, arXiv:2102.09672). */
    COSINE
  }

  /** What the network predicts. */
  public enum Says {
    /** The embedding x₀: as in MindEye. */
    CLEAN,
    /** The noise ε: as in ATM. */
    NOISE
  }

  /** Checks the steps. */
  public Denoising {
    Check.argument(steps >= 2, "steps of a diffusion: expected at least 2, found %d", steps);
  }

  /** 100 steps along a cosine, predicting the embedding: MindEye's prior over tokens. */
  public static Denoising defaults() {
    return new Denoising(100, Course.COSINE, Says.CLEAN);
  }

  /** ā of every step: the part of the variance that is signal. */
  public double[] signal() {
    double[] signal = new double[steps];
    double product = 1;
    for (int t = 0; t < steps; t++) {
      product *= 1 - beta(t);
      signal[t] = product;
    }
    return signal;
  }

  private double beta(int t) {
    if (course == Course.COSINE) {
      return Math.min(1 - squaredCosine(t + 1) / squaredCosine(t), LARGEST_BETA);
    }
    double scale = LINEAR_STEPS / steps;
    double last = Math.min(scale * LAST_BETA, LARGEST_BETA);
    return scale * FIRST_BETA + (last - scale * FIRST_BETA) * t / (steps - 1);
  }

  private double squaredCosine(double t) {
    double cosine = StrictMath.cos((t / steps + OFFSET) / (1 + OFFSET) * StrictMath.PI / 2);
    return cosine * cosine;
  }

  /**
   * Steps drawn evenly, one per row.
   *
   * @param random the stream
   * @param rows how many
   * @return whole numbers from 0
   */
  public long[] draw(TorchRandom random, int rows) {
    float[] drawn = Ops.uniform(random, 0, steps, rows).toTensor().array();
    long[] times = new long[rows];
    for (int i = 0; i < rows; i++) {
      times[i] = Math.min((long) drawn[i], steps - 1);
    }
    return times;
  }

  /**
   * Rows at some step of the course.
   *
   * @param clean {@code [rows, ...]}
   * @param noise of the same shape, standard normal
   * @param times the step of each row
   * @return x_t
   */
  public Value noisy(Value clean, Value noise, long[] times) {
    double[] all = signal();
    int[] sizes = new int[clean.rank()];
    java.util.Arrays.fill(sizes, 1);
    sizes[0] = times.length;
    Tensor signal = Tensor.zeros(sizes);
    Tensor rest = Tensor.zeros(sizes);
    for (int i = 0; i < times.length; i++) {
      double part = all[Math.toIntExact(times[i])];
      signal.array()[i] = (float) Math.sqrt(part);
      rest.array()[i] = (float) Math.sqrt(1 - part);
    }
    return Ops.add(
        Ops.multiply(clean, Value.of(signal).like(clean)),
        Ops.multiply(noise, Value.of(rest).like(clean)));
  }

  /**
   * The mean squared error of what the network said.
   *
   * @param said its output for {@link #noisy}
   * @param clean x₀
   * @param noise ε
   * @return one number
   */
  public Value loss(Value said, Value clean, Value noise) {
    return Ops.mean(Ops.square(Ops.subtract(said, says == Says.CLEAN ? clean : noise)));
  }
}
