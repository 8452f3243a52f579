import io.noesis.encoders.ridge.PenaltyChoice;
import io.noesis.encoders.ridge.RidgeSpec;
import io.noesis.encoders.ridge.StreamedModel;
import io.noesis.encoders.ridge.StreamedRidge;
import io.noesis.encoders.ridge.TargetSource;
import io.noesis.encoders.torch.Precision;
import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import io.noesis.tensor.Npy;
import io.noesis.tensor.NpyRows;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;

/** {@code RidgeStreamed FOLDER THREADS PENALTIES}: targets from y.npy, weights to FOLDER/model. */
final class RidgeStreamed {
  private RidgeStreamed() {}

  public static void main(String[] args) {
    Path folder = Path.of(args[0]);
    Tensor x = Npy.read(folder.resolve("x.npy"));
    int count = Integer.parseInt(args[2]);
    RidgeSpec spec =
        new RidgeSpec(RidgeSpec.logSpaced(1e4, 1e5, count), PenaltyChoice.SHARED, 5)
            .withPrecision(Precision.FLOAT32);
    int[] groups = new int[x.dim(0)];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = i * 5 / groups.length;
    }
    long start = System.nanoTime();
    try (NpyRows y = NpyRows.open(folder.resolve("y.npy"));
        StreamedModel model =
            Parallel.with(
                Integer.parseInt(args[1]),
                () ->
                    StreamedRidge.fit(
                        x,
                        TargetSource.of(y),
                        groups,
                        spec,
                        new StreamedRidge.Output(folder.resolve("model"), Progress.NONE)))) {
      System.out.printf(
          java.util.Locale.ROOT,
          "{\"seconds\": %f, \"targets\": %d, \"penalty\": %f}%n",
          (System.nanoTime() - start) / 1e9,
          model.targets(),
          model.penalties()[0]);
    }
  }
}
