package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.run.Check;
import java.util.List;

/**
 * How much noise the network was trained with: {@code x_t = sqrt(abar_t) clean + sqrt(1 - abar_t)
 * noise}, {@code abar_t} being the product of {@code 1 - beta} up to step t.
 *
 * @param trainSteps steps of training, 1000 for nearly all models
 * @param betaStart the first beta
 * @param betaEnd the last beta
 * @param curve what lies between them
 * @param betas all betas, for a model with a curve of its own; else empty
 * @param end whether the last step of training keeps a little of the picture
 */
public record NoiseCurve(
    int trainSteps,
    double betaStart,
    double betaEnd,
    BetaCurve curve,
    List<Double> betas,
    End end) {
  /** The last step of training. */
  public enum End {
    /** As the curve has it. */
    TRAINED,
    /** Pure noise, {@code abar = 0} (Lin et al. 2023, arXiv:2305.08891). */
    ZERO_SNR
  }

  /** What stands for no signal at all where a finite sigma is needed. */
  private static final float SMALLEST = 0x1p-24f;

  /** Checks the numbers. */
  public NoiseCurve {
    betas = List.copyOf(betas);
    Check.argument(trainSteps > 0, "trainSteps must be at least 1, found %d", trainSteps);
    if (betas.isEmpty()) {
      Check.argument(
          betaStart > 0 && betaStart <= betaEnd && betaEnd < 1,
          "betas must rise within (0, 1), found %s to %s",
          betaStart,
          betaEnd);
    } else {
      Check.size("betas, one per step of training", trainSteps, betas.size());
    }
  }

  /** The curve of Ho et al. 2020, the default of most samplers. */
  public static NoiseCurve ddpm() {
    return new NoiseCurve(1000, 0.0001, 0.02, BetaCurve.LINEAR, List.of(), End.TRAINED);
  }

  /** The curve of Stable Diffusion. */
  public static NoiseCurve stableDiffusion() {
    return new NoiseCurve(1000, 0.00085, 0.012, BetaCurve.SCALED_LINEAR, List.of(), End.TRAINED);
  }

  /** The betas as trained, in float32, without a change at the end. */
  float[] betasOfTraining() {
    return betas.isEmpty() ? curve.betas(trainSteps, betaStart, betaEnd) : given();
  }

  /** {@code abar} of every step of training, in float32. */
  float[] cumulative() {
    float[] steps = betasOfTraining();
    if (end == End.ZERO_SNR) {
      steps = withoutSignalAtEnd(steps);
    }
    return products(steps);
  }

  /** The same, with a last value above 0 for samplers that divide by it. */
  float[] cumulativeAboveZero() {
    float[] all = cumulative();
    if (end == End.ZERO_SNR) {
      all[all.length - 1] = SMALLEST;
    }
    return all;
  }

  private float[] given() {
    float[] out = new float[trainSteps];
    for (int i = 0; i < trainSteps; i++) {
      out[i] = betas.get(i).floatValue();
    }
    return out;
  }

  private static float[] products(float[] betas) {
    float[] out = new float[betas.length];
    double product = 1;
    for (int i = 0; i < out.length; i++) {
      product *= 1 - betas[i];
      out[i] = (float) product;
    }
    return out;
  }

  /** Shifts and stretches sqrt(abar) so that it ends at 0 and starts where it did. */
  private static float[] withoutSignalAtEnd(float[] betas) {
    float[] products = products(betas);
    int n = products.length;
    float first = (float) Math.sqrt(products[0]);
    float last = (float) Math.sqrt(products[n - 1]);
    float stretch = first / (first - last);
    float[] out = new float[n];
    float before = 1;
    for (int i = 0; i < n; i++) {
      float root = ((float) Math.sqrt(products[i]) - last) * stretch;
      float now = root * root;
      out[i] = 1 - now / before;
      before = now;
    }
    return out;
  }
}
