package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.run.Check;
import io.noesis.run.RecipeException;

/**
 * What all samplers over trained steps share.
 *
 * @param curve the noise that the network was trained with
 * @param prediction what the network predicts
 * @param spacing which steps of training a run visits
 * @param stepsOffset added to every step of {@link Spacing#LEADING}; 1 for Stable Diffusion
 */
public record SamplingSettings(
    NoiseCurve curve, Prediction prediction, Spacing spacing, int stepsOffset) {
  /** Checks the offset. */
  public SamplingSettings {
    Check.argument(stepsOffset >= 0, "stepsOffset must be at least 0, found %d", stepsOffset);
  }

  /** The time steps, fractions where LINSPACE gives them. */
  double[] fractional(int steps) {
    checkCount(steps);
    return spacing.steps(curve.trainSteps(), steps, stepsOffset);
  }

  /** The time steps as places in the table of the steps of training. */
  int[] whole(int steps) {
    double[] all = fractional(steps);
    int[] out = new int[all.length];
    for (int i = 0; i < all.length; i++) {
      out[i] = (int) Math.rint(all[i]);
      if (out[i] >= curve.trainSteps()) {
        throw new RecipeException(
            "laying out "
                + steps
                + " steps: with an offset of "
                + stepsOffset
                + " the first is "
                + out[i]
                + ", expected below "
                + curve.trainSteps()
                + ". Take fewer steps, another spacing or a smaller stepsOffset.");
      }
    }
    return out;
  }

  void checkCount(int steps) {
    if (steps < 1 || steps > curve.trainSteps()) {
      throw new RecipeException(
          "laying out a diffusion run: "
              + steps
              + " steps, expected 1 to "
              + curve.trainSteps()
              + ", the steps of training.");
    }
  }

  /** The step that a run of that strength starts with; 0 for strength 1. */
  static int first(int steps, double strength) {
    int run = strength > 0 && strength <= 1 ? (int) (steps * strength) : 0;
    if (run < 1) {
      throw new RecipeException(
          "starting a diffusion run from a picture: strength "
              + strength
              + " of "
              + steps
              + " steps leaves none to run, expected a strength up to 1 that leaves at least one."
              + " Raise strength or steps.");
    }
    return steps - run;
  }

  /** Refuses to divide by a picture's share of 0. */
  void refuseNoiseWithoutSignal(String sampler) {
    if (curve.end() == NoiseCurve.End.ZERO_SNR && prediction == Prediction.EPSILON) {
      throw new RecipeException(
          "the sampler "
              + sampler
              + ": rescale_betas_zero_snr with prediction_type epsilon divides by 0 at the first"
              + " step, expected v_prediction or sample, with which such models are trained.");
    }
  }
}
