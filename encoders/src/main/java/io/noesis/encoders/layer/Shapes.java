package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;

/** Attributes of shape changes that several layers write. */
final class Shapes {
  static final OnnxAttribute SWAP_LAST_OF_THREE = OnnxAttribute.numbers("perm", 0, 2, 1);

  private Shapes() {}
}
