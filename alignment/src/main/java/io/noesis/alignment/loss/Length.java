package io.noesis.alignment.loss;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;

/** Whether rows keep their length before they are compared. */
public enum Length {
  /** Divided by it. */
  UNIT,
  /** Kept. */
  KEPT;

  /** Rows {@code [batch, width]} with that length. */
  Value of(Value rows) {
    return this == UNIT ? Ops.normalize(rows, 1) : rows;
  }
}
