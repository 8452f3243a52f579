package io.noesis.alignment.loss;

import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;

/** The mean over rows of 1 − cos(p, t). */
public record Cosine() implements Loss {
  @Override
  public Value compute(Pass pass, LossBatch batch) {
    batch.alike();
    Value p = Ops.normalize(LossBatch.flat(batch.predicted()), 1);
    Value t = Ops.normalize(LossBatch.flat(batch.target()), 1);
    Value cosines = Ops.sum(Ops.multiply(p, t), 1);
    return Ops.add(Ops.negate(Ops.mean(cosines)), 1);
  }

  @Override
  public String describe() {
    return "1 − cosine";
  }
}
