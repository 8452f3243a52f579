package io.noesis.reconstruction.diffusion.schedule;

import java.util.List;
import java.util.Optional;

/**
 * The sampler of Karlo's unCLIP: ancestral steps over a squared cosine, laid out evenly from the
 * last step of training to the first. The share of the signal that a step keeps is one minus a beta
 * in float32: the trained one between neighbours of training, else {@code 1 - abar / abar'}; near
 * noise and near the picture that is another number than {@link Ddpm} has.
 *
 * @param ddpm its settings as those of {@link Ddpm}
 */
record Unclip(Ddpm ddpm) implements Scheduler {
  static Unclip read(SchedulerConfig config) {
    NoiseCurve curve =
        new NoiseCurve(
            config.whole("num_train_timesteps", 1000),
            0.0001,
            0.02,
            config.choice(
                "beta_schedule",
                new BetaCurve[] {BetaCurve.SQUARED_COSINE},
                BetaCurve::key,
                BetaCurve.SQUARED_COSINE),
            List.of(),
            NoiseCurve.End.TRAINED);
    return new Unclip(
        new Ddpm(
            new SamplingSettings(curve, config.prediction(Prediction.EPSILON), Spacing.LINSPACE, 0),
            config.clip(Optional.of(1.0)),
            config.choice(
                "variance_type",
                new Ddpm.Variance[] {Ddpm.Variance.FIXED_SMALL_LOG, Ddpm.Variance.LEARNED_RANGE},
                Ddpm.Variance::key,
                Ddpm.Variance.FIXED_SMALL_LOG)));
  }

  @Override
  public boolean learnsVariance() {
    return ddpm.learnsVariance();
  }

  @Override
  public Schedule schedule(int steps, double strength) {
    return new Plan(ddpm, ddpm.common().whole(steps), SamplingSettings.first(steps, strength));
  }

  private static final class Plan extends Ddpm.Plan {
    private final float[] betas;

    Plan(Ddpm settings, int[] timesteps, int begin) {
      super(settings, timesteps, begin);
      this.betas = settings.common().curve().betasOfTraining();
    }

    @Override
    double kept(int call, double signal, double later) {
      int t = trainedStep(call);
      int next = call + 1 < calls() ? trainedStep(call + 1) : -1;
      if (next == t - 1) {
        return 1.0 - betas[t];
      }
      float beta = 1 - (float) (signal / later);
      return 1 - beta;
    }
  }
}
