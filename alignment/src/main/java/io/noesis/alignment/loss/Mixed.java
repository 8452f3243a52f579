package io.noesis.alignment.loss;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * How rows were mixed: row i became own[i]·xᵢ + (1 − own[i])·x of its partner.
 *
 * @param own share of the row itself, 0 to 1; 1 where it was left alone
 * @param partner the other row
 */
public record Mixed(List<Double> own, List<Integer> partner) {
  /** Checks that the two agree. */
  public Mixed {
    Check.size("partners of mixed rows", own.size(), partner.size());
    own = List.copyOf(own);
    partner = List.copyOf(partner);
  }

  /**
   * Mixes rows.
   *
   * @param rows {@code [rows, ...]}; not modified
   * @return the mixed rows
   */
  public Tensor apply(Tensor rows) {
    Check.size("rows to mix", own.size(), rows.dim(0));
    int width = rows.size() / rows.dim(0);
    float[] in = rows.array();
    float[] out = new float[in.length];
    for (int r = 0; r < own.size(); r++) {
      double share = own.get(r);
      int other = partner.get(r) * width;
      for (int c = 0, i = r * width; c < width; c++, i++) {
        out[i] = (float) (share * in[i] + (1 - share) * in[other + c]);
      }
    }
    return Tensor.wrap(out, rows.shape().toArray());
  }

  /** Row i has own[i] in column i and the rest in that of its partner: {@code [rows, rows]}. */
  Tensor shares() {
    int n = own.size();
    float[] shares = new float[n * n];
    for (int i = 0; i < n; i++) {
      shares[i * n + i] += own.get(i).floatValue();
      shares[i * n + partner.get(i)] += (float) (1 - own.get(i));
    }
    return Tensor.wrap(shares, n, n);
  }
}
