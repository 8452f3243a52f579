package io.noesis.reconstruction.caption;

import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.run.Check;

/**
 * How a captioner runs; none of it changes a caption beyond rounding in the last digits of the
 * network.
 *
 * @param graphs how its graphs are run
 * @param rowsTogether how many captions are written in one run; 1 keeps rows apart to the last bit
 *     also in graphs that take the range of their activations from a run (dynamic 8 bits)
 * @param past what becomes of the keys and values of earlier words
 */
public record DecodingOptions(OnnxOptions graphs, int rowsTogether, Past past) {
  /** What becomes of the keys and values of earlier words. */
  public enum Past {
    /** They are kept where the decoder can do so. */
    KEPT,
    /** They are computed anew for every word. */
    RECOMPUTED
  }

  /** Checks the number. */
  public DecodingOptions {
    Check.argument(rowsTogether > 0, "rowsTogether must be at least 1, found %d", rowsTogether);
  }

  /**
   * Sixteen captions at a time, with the past kept.
   *
   * @param threads threads inside one run
   * @return the options
   */
  public static DecodingOptions threads(int threads) {
    return new DecodingOptions(new OnnxOptions(threads), 16, Past.KEPT);
  }
}
