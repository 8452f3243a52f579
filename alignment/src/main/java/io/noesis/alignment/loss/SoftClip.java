package io.noesis.alignment.loss;

import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;

/**
 * As two-way InfoNCE, but the labels are how alike the targets are: Q = softmax(T·Tᵀ/τ), and the
 * loss is the mean of the cross-entropies of Q with softmax(P·Tᵀ/τ) and softmax(T·Pᵀ/τ) (Scotti et
 * al. 2023, arXiv:2305.18274). Rows are divided by their length; τ moves along half a cosine.
 *
 * @param from τ at the start of the training
 * @param to τ at its end
 */
public record SoftClip(double from, double to) implements Loss {
  /** Checks the temperatures. */
  public SoftClip {
    Check.argument(
        from > 0 && to > 0, "SoftCLIP: expected temperatures above 0, found %s and %s", from, to);
  }

  /** 0.004 to 0.0075: MindEye's. */
  public static SoftClip defaults() {
    return new SoftClip(0.004, 0.0075);
  }

  @Override
  public Value compute(Pass pass, LossBatch batch) {
    batch.alike();
    double temperature =
        to + (from - to) / 2 * (1 + StrictMath.cos(StrictMath.PI * batch.progress()));
    Value p = Ops.normalize(LossBatch.flat(batch.predicted()), 1);
    Value t = Ops.normalize(LossBatch.flat(batch.target()), 1);
    Value targets = Ops.transpose(t, 0, 1);
    Value labels = Ops.softmax(Ops.multiply(Ops.matmul(t, targets), 1 / temperature), 1);
    Value logits = Ops.multiply(Ops.matmul(p, targets), 1 / temperature);
    return Ops.multiply(
        Ops.add(
            SoftLabels.crossEntropy(logits, labels),
            SoftLabels.crossEntropy(Ops.transpose(logits, 0, 1), labels)),
        0.5);
  }

  @Override
  public String describe() {
    return "SoftCLIP, temperature " + (from == to ? from : from + " to " + to);
  }
}
