package io.noesis.ingest.glm;

import io.noesis.run.Parallel;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What confounds, drift and a constant explain of a run, taken away by least squares. */
public final class Nuisance {
  private static final int BLOCK = 64;

  private Nuisance() {}

  /**
   * The rest of a run, {@code y - N (N'N)^-1 N' y} with the columns N of {@link DesignMatrix} that
   * are no trials. Accumulates in double; the result does not depend on the thread count.
   *
   * @param timing when the volumes were sampled
   * @param confounds extra columns, as many rows as volumes
   * @param drift of the scanner
   * @param bold {@code [volumes, voxels]}; not modified
   * @return {@code [volumes, voxels]}, each column of mean 0
   * @throws io.noesis.run.DataException when columns depend on each other
   */
  public static Tensor without(RunTiming timing, Confounds confounds, Drift drift, Tensor bold) {
    List<double[]> columns = new ArrayList<>();
    List<String> names = new ArrayList<>();
    double[][] byConfound = DesignMatrix.columnsOf(confounds.values());
    for (int c = 0; c < byConfound.length; c++) {
      columns.add(byConfound[c]);
      names.add(confounds.names().get(c));
    }
    for (double[] slow : drift.columns(timing.frameTimes())) {
      columns.add(slow);
      names.add("drift_" + (columns.size() - byConfound.length));
    }
    double[] constant = new double[timing.volumes()];
    Arrays.fill(constant, 1);
    columns.add(constant);
    names.add("constant");
    double[][] basis = Estimator.decompose(columns.toArray(new double[0][]), names).basis();
    int voxels = bold.dim(1);
    int[] all = IntStream.range(0, voxels).toArray();
    float[] out = new float[bold.size()];
    Parallel.forBlocks(
        voxels,
        BLOCK,
        (from, to) -> {
          double[][] y = SingleTrialBetas.series(bold, all, from, to, 0);
          SingleTrialBetas.takeAway(basis, y);
          for (int v = 0; v < y.length; v++) {
            for (int i = from; i < to; i++) {
              out[v * voxels + i] = (float) y[v][i - from];
            }
          }
        });
    return Tensor.wrap(out, bold.dim(0), voxels);
  }
}
