package io.noesis.reconstruction.diffusion;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Pictures to make.
 *
 * @param prompts one per picture
 * @param negative what the pictures should not show; the unconditional input when empty
 * @param seeds one per picture, of PyTorch's CPU generator: a picture does not depend on the others
 * @param plan how they are sampled
 * @param start pictures to start from {@code [n or 1, 3, height, width]} in [0, 1]; needed below
 *     strength 1
 */
public record PictureRequest(
    List<String> prompts,
    String negative,
    List<Long> seeds,
    SamplingPlan plan,
    Optional<Tensor> start) {
  /** Checks that the parts belong together. */
  public PictureRequest {
    prompts = List.copyOf(prompts);
    seeds = List.copyOf(seeds);
    Check.argument(!prompts.isEmpty(), "a request needs at least one prompt");
    Check.size("seeds, one per prompt", prompts.size(), seeds.size());
    Check.argument(
        start.isPresent() == plan.strength() < 1,
        "strength %s %s a picture to start from",
        plan.strength(),
        start.isPresent() ? "takes no" : "needs");
    int pictures = prompts.size();
    start.ifPresent(
        tensor ->
            Check.argument(
                tensor.shape().rank() == 4
                    && tensor.dim(1) == 3
                    && (tensor.dim(0) == 1 || tensor.dim(0) == pictures),
                "pictures to start from: expected [1 or %d, 3, height, width], found %s",
                pictures,
                tensor.shape()));
  }

  /**
   * Pictures from prompts alone.
   *
   * @param prompts one per picture
   * @param seeds one per picture
   * @param plan how they are sampled
   * @return the request
   */
  public static PictureRequest of(List<String> prompts, List<Long> seeds, SamplingPlan plan) {
    return new PictureRequest(prompts, "", seeds, plan, Optional.empty());
  }
}
