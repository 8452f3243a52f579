package io.noesis.alignment.loss;

import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.Optional;

/**
 * BiMixCo for the first part of the training, then SoftCLIP whose temperature moves over the rest:
 * the contrastive loss of MindEye 1 and 2 (arXiv:2305.18274, arXiv:2403.11207).
 *
 * @param mixedPart the part of the training with mixed rows, 0 to 1
 * @param mixed the loss of that part
 * @param soft the loss of the rest
 */
public record MixThenSoft(double mixedPart, BiMixCo mixed, SoftClip soft) implements Loss {
  /** Checks the part. */
  public MixThenSoft {
    Check.argument(
        mixedPart >= 0 && mixedPart < 1,
        "the part of the training with mixed rows: expected 0 to below 1, found %s",
        mixedPart);
  }

  /** A third, as published. */
  public static MixThenSoft defaults() {
    return new MixThenSoft(0.33, BiMixCo.defaults(), SoftClip.defaults());
  }

  @Override
  public Optional<RowMixing> mixing(double progress) {
    return progress < mixedPart ? mixed.mixing(progress) : Optional.empty();
  }

  @Override
  public Value compute(Pass pass, LossBatch batch) {
    if (batch.progress() < mixedPart) {
      return mixed.compute(pass, batch);
    }
    double rest = (batch.progress() - mixedPart) / (1 - mixedPart);
    return soft.compute(pass, batch.at(rest));
  }

  @Override
  public String describe() {
    return mixed.describe() + "; after " + mixedPart + " of the training " + soft.describe();
  }
}
