package io.noesis.encoders.torch;

/** What a forward pass is for. */
public enum Mode {
  /** Dropout draws, normalisation uses the batch and updates its running statistics. */
  TRAINING,
  /** Each row is computed by itself: dropout passes everything, statistics are the stored ones. */
  EVALUATION
}
