package io.noesis.encoders.layer;

/** Whether a constant is added to each output. */
public enum Bias {
  /** Added, and learned. */
  WITH,
  /** Not added. */
  WITHOUT
}
