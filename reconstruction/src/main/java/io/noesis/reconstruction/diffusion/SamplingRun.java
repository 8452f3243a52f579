package io.noesis.reconstruction.diffusion;

import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import io.noesis.reconstruction.diffusion.schedule.SamplerState;
import io.noesis.reconstruction.diffusion.schedule.Schedule;
import io.noesis.run.CancelledException;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.util.function.Consumer;

/**
 * The loop that every pipeline and prior shares: one schedule from its first to its last call.
 *
 * @param schedule the calls
 * @param denoiser the network with everything it reads beside sample and time step
 * @param noise for samplers that add noise
 * @param what whose run it is, for messages
 */
record SamplingRun(Schedule schedule, Denoiser denoiser, NoiseSource noise, String what) {
  /** Says what the noise in a sample is. */
  @FunctionalInterface
  interface Denoiser {
    Tensor predict(Tensor input, float timestep);
  }

  /**
   * Runs to the end.
   *
   * @param start what the schedule starts from
   * @param progress hears of every call
   * @return the last sample
   */
  Tensor from(Tensor start, Progress progress) {
    return from(start, progress, sample -> {});
  }

  /**
   * The same.
   *
   * @param samples hears of the sample after every call
   */
  Tensor from(Tensor start, Progress progress, Consumer<Tensor> samples) {
    SamplerState state = schedule.start(start);
    while (!schedule.finished(state)) {
      if (Thread.interrupted()) {
        throw new CancelledException(
            what + " was interrupted at call " + state.call() + " of " + schedule.calls());
      }
      Tensor output = denoiser.predict(schedule.modelInput(state), schedule.timestep(state.call()));
      requireFinite(output, state);
      state = schedule.step(state, output, noise);
      samples.accept(state.sample());
      progress.step(1);
    }
    return state.sample();
  }

  /** How many calls the network gets. */
  long calls() {
    return (long) schedule.calls() - schedule.begin();
  }

  private void requireFinite(Tensor output, SamplerState state) {
    for (float value : output.array()) {
      if (!Float.isFinite(value)) {
        throw new ModelException(
            what
                + ": at call "
                + (state.call() + 1)
                + " the network gives "
                + value
                + ", expected finite numbers. "
                + (state.taken() == 0
                    ? "At the first call the likely cause is attention in float16: export the"
                        + " network in float32."
                    : "Lower the guidance, or check that the sampler's prediction_type is the"
                        + " model's."));
      }
    }
  }
}
