package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.Optional;

/** What the samplers share that look a step of training up in the table of {@code abar}. */
abstract class AlphaSchedule implements Schedule {
  private final SamplingSettings settings;
  private final float[] cumulative;
  private final int[] timesteps;
  private final int begin;

  AlphaSchedule(SamplingSettings settings, int[] timesteps, int begin) {
    this.settings = settings;
    this.cumulative = settings.curve().cumulative();
    this.timesteps = timesteps;
    this.begin = begin;
  }

  @Override
  public final int calls() {
    return timesteps.length;
  }

  @Override
  public final int begin() {
    return begin;
  }

  @Override
  public final float timestep(int call) {
    return timesteps[call];
  }

  @Override
  public final double initialNoise() {
    return 1;
  }

  @Override
  public final Tensor modelInput(SamplerState state) {
    return state.sample();
  }

  @Override
  public final Tensor noised(Tensor clean, Tensor noise) {
    double signal = cumulative[timesteps[begin]];
    return Sum.of(Math.sqrt(signal), clean, Math.sqrt(1 - signal), noise);
  }

  final int trainedStep(int call) {
    return timesteps[call];
  }

  /** {@code abar} at a step of training, or {@code beyond} before the first. */
  final double cumulative(int step, double beyond) {
    return step < 0 ? beyond : cumulative[step];
  }

  final double firstCumulative() {
    return cumulative[0];
  }

  /** The clean sample that the network sees in its input, kept within {@code +-clip}. */
  final Tensor clean(double signal, Tensor sample, Tensor output, Optional<Double> clip) {
    Tensor clean =
        settings
            .prediction()
            .clean(Math.sqrt(signal), Math.sqrt(1 - signal))
            .of(sample, checked(sample, output));
    return clip.map(range -> clean.map(v -> Math.max(-range, Math.min(range, v)))).orElse(clean);
  }

  /** The noise that the network sees in its input. */
  final Tensor noise(double signal, Tensor sample, Tensor output) {
    return settings.prediction().noise(Math.sqrt(signal), Math.sqrt(1 - signal)).of(sample, output);
  }

  static Tensor checked(Tensor sample, Tensor output) {
    Check.argument(
        sample.shape().equals(output.shape()),
        "the network's output has the shape %s, expected that of the sample, %s",
        output.shape(),
        sample.shape());
    return output;
  }
}
