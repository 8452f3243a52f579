package io.noesis.alignment.loss;

import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import java.util.List;

/**
 * Nothing besides what the network's layers add themselves: targets are not looked at. For
 * pretraining. Layers add nothing on validation rows, so such a loss can choose no epoch.
 */
public record OwnTerms() implements Loss {
  /** Its name in {@link Losses}. */
  public static final String NAME = "terms";

  /** The only one. */
  public static OwnTerms defaults() {
    return new OwnTerms();
  }

  @Override
  public Value compute(Pass pass, LossBatch batch) {
    return Ops.multiply(Ops.sum(LossBatch.flat(batch.predicted())), 0);
  }

  @Override
  public List<Link> links() {
    return List.of();
  }

  @Override
  public String describe() {
    return "what layers of the network add";
  }
}
