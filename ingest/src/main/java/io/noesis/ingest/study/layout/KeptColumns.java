package io.noesis.ingest.study.layout;

import io.noesis.ingest.volume.BrainMask;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Rows of one subject from several files, of which each may have lost other columns (voxels that
 * are NaN there); together they keep the columns that every file kept.
 */
final class KeptColumns {
  private final List<Tensor> parts = new ArrayList<>();
  private final List<BitSet> kept = new ArrayList<>();

  /**
   * Adds the rows of one file.
   *
   * @param rows {@code [rows, kept columns]}
   * @param keptHere the original columns that are there; copied
   */
  void add(Tensor rows, BitSet keptHere) {
    Check.size("columns that were kept", keptHere.cardinality(), rows.dim(1));
    parts.add(rows);
    kept.add((BitSet) keptHere.clone());
  }

  /** The columns that all files kept. */
  BitSet common() {
    BitSet out = (BitSet) kept.get(0).clone();
    kept.forEach(out::and);
    return out;
  }

  /** The rows of all files below each other, {@code [all rows, common columns]}. */
  Tensor rows() {
    BitSet common = common();
    List<Tensor> out = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      out.add(restricted(parts.get(i), kept.get(i), common));
    }
    return out.size() == 1 ? out.get(0) : Tensor.concatenate(out.toArray(new Tensor[0]));
  }

  private static Tensor restricted(Tensor rows, BitSet own, BitSet common) {
    if (common.equals(own)) {
      return rows;
    }
    // The place of an original column among the kept ones is how many kept ones lie before it.
    return select(rows, common.stream().map(c -> own.get(0, c).cardinality()).toArray());
  }

  /** The fingerprint of the voxels of a mask that all files kept. */
  String fingerprint(BrainMask whole) {
    BitSet common = common();
    boolean[] drop = new boolean[whole.voxels()];
    for (int c = 0; c < drop.length; c++) {
      drop[c] = !common.get(c);
    }
    return whole.without(drop).fingerprint();
  }

  /** The columns asked for, in that order. */
  static Tensor select(Tensor rows, int[] columns) {
    float[] out = new float[Math.multiplyExact(rows.dim(0), columns.length)];
    float[] in = rows.array();
    int to = 0;
    for (int r = 0; r < rows.dim(0); r++) {
      for (int column : columns) {
        out[to++] = in[r * rows.dim(1) + column];
      }
    }
    return Tensor.wrap(out, rows.dim(0), columns.length);
  }

  /** The columns of a mask that another mask, inside it, kept. */
  static BitSet keptOf(BrainMask whole, BrainMask kept) {
    boolean[] inside = kept.flags();
    int[] indices = whole.indices();
    BitSet out = new BitSet(indices.length);
    for (int c = 0; c < indices.length; c++) {
      out.set(c, inside[indices[c]]);
    }
    return out;
  }
}
