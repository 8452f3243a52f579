package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Where a run is: everything that one step hands to the next. Immutable.
 *
 * @param call the next call of the network
 * @param taken how many calls this run has made
 * @param sample the current sample, {@code [batch, channels, height, width]}
 * @param outputs what a multistep sampler remembers of earlier calls, the newest last
 * @param anchor an earlier sample that a later call starts from again
 * @param partial a derivative that a later call completes
 */
public record SamplerState(
    int call,
    int taken,
    Tensor sample,
    List<Tensor> outputs,
    Optional<Tensor> anchor,
    Optional<Tensor> partial) {
  /** Copies the list. */
  public SamplerState {
    outputs = List.copyOf(outputs);
  }

  static SamplerState at(int call, Tensor sample) {
    return new SamplerState(call, 0, sample, List.of(), Optional.empty(), Optional.empty());
  }

  /** One call further, with nothing to remember. */
  SamplerState next(Tensor changed) {
    return next(changed, List.of(), Optional.empty(), Optional.empty());
  }

  /** One call further. */
  SamplerState next(
      Tensor changed,
      List<Tensor> remembered,
      Optional<Tensor> start,
      Optional<Tensor> derivative) {
    return new SamplerState(call + 1, taken + 1, changed, remembered, start, derivative);
  }

  /** The remembered outputs and a new one, the last {@code most} of them. */
  List<Tensor> remember(Tensor output, int most) {
    List<Tensor> all = new java.util.ArrayList<>(outputs);
    all.add(output);
    return all.subList(Math.max(0, all.size() - most), all.size());
  }
}
