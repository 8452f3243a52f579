import com.sun.management.OperatingSystemMXBean;
import io.noesis.alignment.loss.InfoNce;
import io.noesis.alignment.loss.LossBatch;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.architecture.ResidualMlp;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Device;
import io.noesis.encoders.torch.Libtorch;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Optimizer;
import io.noesis.encoders.torch.ParameterGroup;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.UpdateRule;
import io.noesis.encoders.torch.Value;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * 24 steps: {@code TrainingStep FOLDER THREADS DEVICE}, the device as {@code --device} names it.
 * Prints milliseconds on the clock and of work by processors, and losses, as JSON. Each step ends
 * by reading its loss, so a card has computed all of it by then.
 */
final class TrainingStep {
  private static final OperatingSystemMXBean MACHINE =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private TrainingStep() {}

  public static void main(String[] args) {
    Libtorch.useThreads(Integer.parseInt(args[1]));
    Libtorch.use(Device.of(args[2]));
    Path folder = Path.of(args[0]);
    Layer network = new ResidualMlp(1024, 2, 0.5, 0.15).network(NetworkSizes.of(15_000, 768));
    Parameters parameters = Parameters.of(network, read(folder.resolve("weights.safetensors")));
    Optimizer optimizer =
        new Optimizer(
            UpdateRule.AdamW.defaults(),
            List.of(new ParameterGroup(parameters.learned(), 1, 1e-2)));
    InfoNce loss = InfoNce.defaults();
    Value[] rows = rows(folder.resolve("rows.safetensors"));
    List<Double> times = new ArrayList<>();
    List<Double> cpu = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    Scope.run(
        () -> {
          TorchRandom dropout = TorchRandom.ofNumber(1);
          for (int step = 0; step < 24; step++) {
            int at = step * 256 % 2048;
            long start = System.nanoTime();
            long work = MACHINE.getProcessCpuTime();
            Scope.run(
                () -> {
                  Pass pass = Pass.training(parameters, dropout);
                  Value z = network.forward(pass, Ops.narrow(rows[0], 0, at, 256));
                  Value out =
                      loss.compute(pass, LossBatch.of(z, Ops.narrow(rows[1], 0, at, 256)));
                  optimizer.clearGradients();
                  out.backward();
                  optimizer.step(3e-4);
                  losses.add(out.item());
                });
            times.add((System.nanoTime() - start) / 1e6);
            cpu.add((MACHINE.getProcessCpuTime() - work) / 1e6);
          }
        });
    System.out.println("{\"ms\": " + times + ", \"cpu\": " + cpu + ", \"losses\": " + losses + "}");
  }

  private static Value[] rows(Path file) {
    try (Safetensors in = Safetensors.open(file)) {
      return new Value[] {
        Scope.get(() -> Value.of(in.read("x")).keep()), Scope.get(() -> Value.of(in.read("y")).keep())
      };
    }
  }

  private static Map<String, Tensor> read(Path file) {
    try (Safetensors in = Safetensors.open(file)) {
      Map<String, Tensor> weights = new LinkedHashMap<>();
      in.names().forEach(name -> weights.put(name, in.read(name)));
      return weights;
    }
  }
}
