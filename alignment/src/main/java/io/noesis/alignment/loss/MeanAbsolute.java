package io.noesis.alignment.loss;

import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;

/** The mean of |p − t| over all elements. */
public record MeanAbsolute() implements Loss {
  @Override
  public Value compute(Pass pass, LossBatch batch) {
    batch.alike();
    return Ops.mean(Ops.absolute(Ops.subtract(batch.predicted(), batch.target())));
  }

  @Override
  public String describe() {
    return "mean absolute error";
  }
}
