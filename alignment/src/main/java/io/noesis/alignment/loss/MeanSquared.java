package io.noesis.alignment.loss;

import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;

/** The mean of (p − t)² over all elements. */
public record MeanSquared() implements Loss {
  @Override
  public Value compute(Pass pass, LossBatch batch) {
    return Ops.mean(Ops.square(Ops.subtract(batch.predicted(), batch.target())));
  }

  @Override
  public String describe() {
    return "mean squared error";
  }
}
