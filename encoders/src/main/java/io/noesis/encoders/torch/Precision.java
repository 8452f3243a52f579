package io.noesis.encoders.torch;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** The floating point type of a value. */
public enum Precision {
  /** 32 bits: what is trained and stored. */
  FLOAT32(ScalarType.Float),
  /** 64 bits: for checks of gradients and for solvers that need it. */
  FLOAT64(ScalarType.Double);

  private final ScalarType type;

  Precision(ScalarType type) {
    this.type = type;
  }

  ScalarType type() {
    return type;
  }
}
