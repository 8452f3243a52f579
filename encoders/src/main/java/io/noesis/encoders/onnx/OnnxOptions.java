package io.noesis.encoders.onnx;

import io.noesis.run.Check;

/**
 * How a model is run; none of it changes what it computes.
 *
 * @param threads threads inside one run, at least 1. Callers that run many inputs at once keep 1
 *     and run the model from several threads instead
 */
public record OnnxOptions(int threads) {
  /** One thread inside a run. */
  public static final OnnxOptions SINGLE_THREADED = new OnnxOptions(1);

  /** Checks the number. */
  public OnnxOptions {
    Check.argument(threads > 0, "threads of a model must be at least 1, found %d", threads);
  }
}
