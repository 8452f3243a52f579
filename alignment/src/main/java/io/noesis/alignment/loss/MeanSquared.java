package io.noesis.alignment.loss;

import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;

/**
 * The mean of (p − t)² over all elements.
 *
 * @param length whether whole rows are divided by their length first, as in MindBridge
 */
public record MeanSquared(Length length) implements Loss {
  /** Of rows as they are. */
  public MeanSquared() {
    this(Length.KEPT);
  }

  /** Of rows as they are. */
  public static MeanSquared defaults() {
    return new MeanSquared();
  }

  @Override
  public Value compute(Pass pass, LossBatch batch) {
    batch.alike();
    Value p = length.of(LossBatch.flat(batch.predicted()));
    Value t = length.of(LossBatch.flat(batch.target()));
    return Ops.mean(Ops.square(Ops.subtract(p, t)));
  }

  @Override
  public String describe() {
    return "mean squared error" + (length == Length.KEPT ? "" : " of rows of unit length");
  }
}
