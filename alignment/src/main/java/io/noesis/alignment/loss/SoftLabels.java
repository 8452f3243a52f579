package io.noesis.alignment.loss;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;

/** Cross-entropy with shares instead of one right answer. */
final class SoftLabels {
  private SoftLabels() {}

  /** The mean over rows of −Σ labels · log softmax(logits). */
  static Value crossEntropy(Value logits, Value labels) {
    Value products = Ops.multiply(Ops.logSoftmax(logits, 1), labels);
    return Ops.negate(Ops.mean(Ops.sum(products, 1)));
  }
}
