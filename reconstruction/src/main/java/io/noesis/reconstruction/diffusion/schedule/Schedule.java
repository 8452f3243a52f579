package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.tensor.Tensor;

/**
 * The calls of the network of one run and what follows each; immutable and free of hidden state. A
 * run is
 *
 * <pre>{@code
 * SamplerState state = schedule.start(latents);
 * while (!schedule.finished(state)) {
 *   Tensor output = network(schedule.modelInput(state), schedule.timestep(state.call()));
 *   state = schedule.step(state, output, noise);
 * }
 * }</pre>
 *
 * A sampler may call the network more often than it has steps (Heun, PLMS).
 */
public interface Schedule {
  /** How many calls a run from pure noise has; calls are numbered from 0. */
  int calls();

  /** The first call of this run: 0, or later when it starts from a picture. */
  int begin();

  /**
   * What the network is told about the noise of its input.
   *
   * @param call which call
   * @return the time step; a whole number for most samplers
   */
  float timestep(int call);

  /** The standard deviation of the noise that a run from call 0 starts with. */
  double initialNoise();

  /**
   * What the network is shown: the sample, scaled where the sampler works with unscaled noise.
   *
   * @param state where the run is
   * @return a tensor of the sample's shape
   */
  Tensor modelInput(SamplerState state);

  /**
   * What follows a call.
   *
   * @param state where the run is; unchanged
   * @param output the network's output for {@link #modelInput}, of the sample's shape, or of twice
   *     its channels where the network also predicts the variance
   * @param noise asked once by every call of a sampler that adds noise, never by others
   * @return the next state
   */
  SamplerState step(SamplerState state, Tensor output, NoiseSource noise);

  /**
   * A clean sample with the noise of the first call, to start from.
   *
   * @param clean the sample without noise
   * @param noise standard normal noise of its shape
   * @return the noisy sample
   */
  Tensor noised(Tensor clean, Tensor noise);

  /**
   * The state before the first call.
   *
   * @param sample noise times {@link #initialNoise}, or what {@link #noised} gives
   * @return the state
   */
  default SamplerState start(Tensor sample) {
    return SamplerState.at(begin(), sample);
  }

  /**
   * Whether all calls are done.
   *
   * @param state where the run is
   * @return true when its sample is the result
   */
  default boolean finished(SamplerState state) {
    return state.call() == calls();
  }
}
