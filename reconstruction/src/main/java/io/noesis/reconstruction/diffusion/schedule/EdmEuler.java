package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.run.Check;
import io.noesis.run.ModelException;
import io.noesis.tensor.Tensor;

/**
 * Euler's method with the preconditioning of Karras et al. (2022, arXiv:2206.00364, table 1):
 * {@code clean = d^2 / (s^2 + d^2) x + s d / sqrt(s^2 + d^2) F(x / sqrt(s^2 + d^2), ln(s) / 4)}.
 *
 * @param sigmaMin the smallest noise
 * @param sigmaMax the largest noise
 * @param sigmaData {@code d}, the standard deviation of the pictures
 * @param rho how dense the levels lie at little noise
 * @param levels where the levels lie; not TRAINED
 * @param velocity what the network predicts: EPSILON, or V with the sign turned
 * @param end the noise that a run ends with
 */
public record EdmEuler(
    double sigmaMin,
    double sigmaMax,
    double sigmaData,
    double rho,
    SigmaSpacing levels,
    Prediction velocity,
    FinalSigma end)
    implements Scheduler {
  private static final EdmEuler DEFAULTS =
      new EdmEuler(0.002, 80, 0.5, 7, SigmaSpacing.KARRAS, Prediction.EPSILON, FinalSigma.ZERO);

  /** Checks the numbers. */
  public EdmEuler {
    Check.argument(
        0 < sigmaMin && sigmaMin < sigmaMax && sigmaData > 0 && rho > 0,
        "expected 0 < sigmaMin < sigmaMax and sigmaData, rho above 0; found %s, %s, %s, %s",
        sigmaMin,
        sigmaMax,
        sigmaData,
        rho);
  }

  static EdmEuler read(SchedulerConfig config) {
    Prediction prediction = config.prediction(DEFAULTS.velocity);
    if (prediction == Prediction.SAMPLE) {
      throw new ModelException(
          config.where() + ": prediction_type sample, expected epsilon or v_prediction for EDM.");
    }
    return new EdmEuler(
        config.real("sigma_min", DEFAULTS.sigmaMin),
        config.real("sigma_max", DEFAULTS.sigmaMax),
        config.real("sigma_data", DEFAULTS.sigmaData),
        config.real("rho", DEFAULTS.rho),
        config.choice(
            "sigma_schedule",
            new SigmaSpacing[] {SigmaSpacing.KARRAS, SigmaSpacing.EXPONENTIAL},
            level -> level.name().toLowerCase(java.util.Locale.ROOT),
            DEFAULTS.levels),
        prediction,
        config.choice("final_sigmas_type", FinalSigma.values(), FinalSigma::key, DEFAULTS.end));
  }

  @Override
  public Schedule schedule(int steps, double strength) {
    int begin = SamplingSettings.first(steps, strength);
    double[] found = new double[steps];
    float[] told = new float[steps];
    for (int i = 0; i < steps; i++) {
      double ramp = steps == 1 ? 0 : (double) i / (steps - 1);
      found[i] =
          levels == SigmaSpacing.KARRAS
              ? SigmaSpacing.karras(sigmaMax, sigmaMin, ramp, rho)
              : SigmaSpacing.exponential(sigmaMax, sigmaMin, ramp);
      told[i] = (float) (0.25 * Math.log((float) found[i]));
    }
    double last = end == FinalSigma.ZERO ? 0 : found[steps - 1];
    return new Plan(this, told, SigmaTable.closed(found, last), begin);
  }

  private static final class Plan extends SigmaSchedule {
    private final EdmEuler settings;

    Plan(EdmEuler settings, float[] timesteps, float[] sigmas, int begin) {
      super(timesteps, sigmas, begin, Math.sqrt(settings.sigmaMax * settings.sigmaMax + 1));
      this.settings = settings;
    }

    private double size(double sigma) {
      return Math.sqrt(sigma * sigma + settings.sigmaData * settings.sigmaData);
    }

    @Override
    public Tensor modelInput(SamplerState state) {
      double scale = 1 / size(sigma(state.call()));
      return state.sample().map(v -> v * scale);
    }

    @Override
    public SamplerState step(SamplerState state, Tensor output, NoiseSource noise) {
      double sigma = sigma(state.call());
      double size = size(sigma);
      double sign = settings.velocity == Prediction.V ? -1 : 1;
      Tensor sample = state.sample();
      Linear clean =
          new Linear(
              settings.sigmaData * settings.sigmaData / (size * size),
              sign * sigma * settings.sigmaData / size);
      double share = sigma(state.call() + 1) / sigma;
      return state.next(
          Sum.of(
              share, sample, 1 - share, clean.of(sample, AlphaSchedule.checked(sample, output))));
    }
  }
}
