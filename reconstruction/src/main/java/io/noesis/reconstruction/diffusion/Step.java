package io.noesis.reconstruction.diffusion;

import io.noesis.tensor.Tensor;
import java.util.Map;

/**
 * One call of the network.
 *
 * @param input what it is shown, {@code [rows, channels, height, width]}, both halves of guidance
 * @param time the time step
 * @param call which call of the run, from 0
 * @param calls how many the run has
 * @param conditions the family's inputs for the whole run
 * @param plan how is sampled
 */
record Step(
    Tensor input,
    float time,
    int call,
    int calls,
    Map<String, Tensor> conditions,
    SamplingPlan plan) {
  /** The share of the run before this call. */
  double begin() {
    return (double) call / calls;
  }

  /** The share of the run after this call. */
  double end() {
    return (call + 1.0) / calls;
  }
}
