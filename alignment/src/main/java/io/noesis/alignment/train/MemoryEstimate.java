package io.noesis.alignment.train;

import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.run.RecipeException;
import java.lang.management.ManagementFactory;

/** What the weights of a training take in memory, before any of them is made. */
final class MemoryEstimate {
  private MemoryEstimate() {}

  /** Weights, gradients, two moments, the best epoch, and a running average when there is one. */
  static long bytes(long parameters, TrainingSpec spec) {
    int copies = spec.optimizer().rule() == OptimizerSpec.Rule.SGD ? 4 : 5;
    return 4 * parameters * (copies + (spec.averageDecay() > 0 ? 1 : 0));
  }

  static void require(Layer network, TrainingSpec spec) {
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean machine) {
      require(Parameters.count(network), spec, machine.getTotalMemorySize());
    }
  }

  static void require(long parameters, TrainingSpec spec, long available) {
    long needed = bytes(parameters, spec);
    if (needed > available) {
      throw new RecipeException(
          String.format(
              "training: the network has %,d weights, which take %.1f GB in training; this machine"
                  + " has %.1f GB. Give the network a smaller width, or train on a larger machine.",
              parameters, needed / 1e9, available / 1e9));
    }
  }
}
