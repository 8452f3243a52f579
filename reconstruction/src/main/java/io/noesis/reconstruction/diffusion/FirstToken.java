package io.noesis.reconstruction.diffusion;

import io.noesis.tensor.Tensor;

/**
 * Tokens over the length of the first of their row plus 1e-6, as MindEye 1 does with what its prior
 * drew (Scotti et al. 2023, arXiv:2305.18274; src/utils.py of its authors): a class token's length
 * is 1 in the space that the network knows.
 */
final class FirstToken {
  private static final double AGAINST_ZERO = 1e-6;

  private FirstToken() {}

  /**
   * Divides.
   *
   * @param tokens {@code [rows, (tokens,) width]}
   * @return the same sizes
   */
  static Tensor divided(Tensor tokens) {
    int[] sizes = tokens.shape().toArray();
    int width = sizes[sizes.length - 1];
    int row = tokens.size() / Math.max(1, sizes[0]);
    float[] out = new float[tokens.size()];
    for (int from = 0; from < out.length; from += row) {
      double squares = 0;
      for (int i = from; i < from + width; i++) {
        squares += (double) tokens.array()[i] * tokens.array()[i];
      }
      double length = Math.sqrt(squares) + AGAINST_ZERO;
      for (int i = from; i < from + row; i++) {
        out[i] = (float) (tokens.array()[i] / length);
      }
    }
    return Tensor.wrap(out, sizes);
  }
}
