package io.noesis.encoders;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * What an encoder may see.
 *
 * @param responses {@code [trials, voxels]}; training trials only
 * @param targets {@code [trials, dim]}: the embedding each response should give
 * @param groups one label per row; inner cross-validation leaves whole groups out, so that
 *     neighbouring trials never sit on both sides
 */
public record TrainingRows(Tensor responses, Tensor targets, List<String> groups) {
  /** Checks that the three have the same number of rows. */
  public TrainingRows {
    Check.size("target rows", responses.dim(0), targets.dim(0));
    Check.size("group labels", responses.dim(0), groups.size());
    groups = List.copyOf(groups);
  }
}
