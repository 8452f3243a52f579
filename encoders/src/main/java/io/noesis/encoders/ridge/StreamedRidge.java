package io.noesis.encoders.ridge;

import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import io.noesis.tensor.DoubleArray;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * {@link Ridge} for targets and weights that do not fit into memory: targets are read by blocks of
 * columns, and their weights are written before the next block is read. Held are the responses, a
 * few matrices {@code [trials, trials]} (or {@code [voxels, voxels]}, the smaller), and a few
 * blocks of half a gigabyte.
 */
public final class StreamedRidge {
  /** Targets whose weights are turned into rows at a time. */
  private static final int TOGETHER = 512;

  /** Targets of one task: two cache lines of weights. */
  private static final int LINE = 32;

  private StreamedRidge() {}

  /**
   * Fits and writes {@code weights.npy} F32 {@code [dims, voxels]}, {@code intercept.npy} and
   * {@code penalties.npy} F64 {@code [dims]}, {@code scores.npy} F64 {@code [penalties or 0, dims]}
   * (0 too when one penalty is chosen for all targets of a large problem), {@code mean_scores.npy}
   * F64 {@code [penalties or 0]}.
   *
   * @param x responses {@code [trials, voxels]}
   * @param y targets {@code [trials, dims]}; read once when there is one penalty, else twice
   * @param groups one label per trial
   * @param spec penalties and how to choose
   * @param output where to write (each file whole or not at all, the weights last), and who hears
   *     every target twice: when its penalties were compared and when it was solved
   * @return the model
   */
  public static StreamedModel fit(
      Tensor x, TargetSource y, int[] groups, RidgeSpec spec, Output output) {
    Ridge.check(x, y, groups);
    Progress progress = output.progress();
    progress.begin("ridge", 2L * y.columns());
    RidgeFit fit = new RidgeFit(x, y, groups, spec);
    Scores scores = fit.scores(progress);
    Selection selection = Selection.of(scores, spec, y.columns());
    double[] intercept = new double[y.columns()];
    double[] xMeans = Columns.means(x);
    Path folder = output.folder();
    Npy.writeRows(
        folder.resolve(StreamedModel.WEIGHTS),
        y.columns(),
        x.dim(1),
        sink -> {
          double[] penalties =
              fit.solve(
                  selection.chosen(),
                  (from, weights, means) -> {
                    write(weights, xMeans, means, intercept, from, sink);
                    progress.step(weights.dim(1));
                  });
          vector(folder.resolve(StreamedModel.PENALTIES), penalties);
          vector(folder.resolve(StreamedModel.INTERCEPT), intercept);
          Npy.write(
              folder.resolve(StreamedModel.SCORES),
              DoubleArray.wrap(
                  scores.each().array(), scores.each().rows(), scores.each().columns()));
          vector(folder.resolve(StreamedModel.MEAN_SCORES), scores.means());
        });
    progress.done(x.dim(0) + " rows x " + x.dim(1) + " columns to " + y.columns() + " targets");
    return StreamedModel.open(folder);
  }

  /**
   * Where results go.
   *
   * @param folder made when it is missing
   * @param progress hears how far it has come
   */
  public record Output(Path folder, Progress progress) {}

  private static void vector(Path file, double[] values) {
    Npy.write(file, DoubleArray.wrap(values, values.length));
  }

  /** Rows of weights in float32, and the intercepts that follow from the rounded weights. */
  private static void write(
      Tensor weights,
      double[] xMeans,
      double[] yMeans,
      double[] intercept,
      int from,
      Consumer<Tensor> sink) {
    int targets = weights.dim(1);
    int columns = xMeans.length;
    for (int first = 0; first < targets; first += TOGETHER) {
      int start = first;
      int count = Math.min(TOGETHER, targets - first);
      float[] rows = new float[Math.multiplyExact(count, columns)];
      Parallel.forBlocks(
          count,
          LINE,
          (begin, end) -> {
            for (int c = 0; c < columns; c++) {
              for (int t = begin; t < end; t++) {
                rows[t * columns + c] = weights.array()[c * targets + start + t];
              }
            }
            for (int t = begin; t < end; t++) {
              double atMeans = 0;
              for (int c = 0; c < columns; c++) {
                atMeans += xMeans[c] * rows[t * columns + c];
              }
              intercept[from + start + t] = yMeans[start + t] - atMeans;
            }
          });
      sink.accept(Tensor.wrap(rows, count, columns));
    }
  }
}
