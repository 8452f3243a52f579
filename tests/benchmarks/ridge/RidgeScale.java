import com.sun.management.OperatingSystemMXBean;
import io.noesis.encoders.ridge.PenaltyChoice;
import io.noesis.encoders.ridge.Ridge;
import io.noesis.encoders.ridge.RidgeModel;
import io.noesis.encoders.ridge.RidgeSpec;
import io.noesis.encoders.ridge.Validation;
import io.noesis.encoders.torch.NativeAlgebra;
import io.noesis.encoders.torch.Precision;
import io.noesis.run.Parallel;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Timed fits: {@code RidgeScale FOLDER THREADS FLOAT32|FLOAT64 shared|each|one-out FITS}. Prints
 * JSON: all of them in their order.
 */
final class RidgeScale {
  private RidgeScale() {}

  public static void main(String[] args) {
    Path folder = Path.of(args[0]);
    Tensor x = Npy.read(folder.resolve("x.npy"));
    Tensor y = Npy.read(folder.resolve("y.npy"));
    RidgeSpec spec =
        new RidgeSpec(
                RidgeSpec.logSpaced(1, 1e5, 10),
                args[3].equals("each") ? PenaltyChoice.PER_TARGET : PenaltyChoice.SHARED,
                5)
            .withValidation(
                args[3].equals("one-out") ? Validation.LEAVE_ONE_OUT : Validation.FOLDS)
            .withPrecision(Precision.valueOf(args[2]));
    // The libraries are loaded before the clock starts, as the peers' are.
    new NativeAlgebra(spec.precision()).gram(Tensor.zeros(1, 1));
    var process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    RidgeModel model = null;
    List<Double> seconds = new ArrayList<>();
    List<Double> cpu = new ArrayList<>();
    for (int fit = 0; fit < Integer.parseInt(args[4]); fit++) {
      long before = process.getProcessCpuTime();
      long start = System.nanoTime();
      model = Parallel.with(Integer.parseInt(args[1]), () -> Ridge.fit(x, y, spec));
      seconds.add((System.nanoTime() - start) / 1e9);
      cpu.add((process.getProcessCpuTime() - before) / 1e9);
    }
    float[] few = new float[x.dim(1) * 50];
    for (int i = 0; i < few.length; i++) {
      few[i] = model.weights().at(i / 50, i % 50);
    }
    String name = "noesis-" + args[2].toLowerCase(java.util.Locale.ROOT) + "-" + args[3] + ".npy";
    Npy.write(folder.resolve(name), Tensor.wrap(few, x.dim(1), 50));
    System.out.println(
        "{\"seconds\": "
            + seconds
            + ", \"cpu\": "
            + cpu
            + ", \"alpha\": "
            + model.penalties()[0]
            + "}");
  }
}
