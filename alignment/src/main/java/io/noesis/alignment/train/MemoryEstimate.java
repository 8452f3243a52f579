package io.noesis.alignment.train;

import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Ledger;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.run.MemoryException;
import io.noesis.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * What a training takes in memory, before it begins. Activations are measured: two small batches go
 * through the network, and what a row adds is taken times the rows of a batch.
 *
 * @param weights weights, gradients, moments, averages and the best epoch; those of files once
 * @param row activations that each row of a batch adds, and their gradients
 * @param batch what does not grow with it
 * @param data responses and targets
 */
record MemoryEstimate(long weights, long row, long batch, long data) {
  private static final int FEW = 2;

  /** Of the widest activation, gradients from both sides are held at a time. */
  private static final int GRADIENTS = 2;

  /** What libtorch keeps for the way back beside the values: measured 10 to 50 % of them. */
  private static final double KEPT = 1.25;

  /** Weights, gradients, two moments, the best epoch, and a running average when there is one. */
  static long weights(long parameters, TrainingSpec spec) {
    int copies = spec.optimizer().rule() == OptimizerSpec.Rule.SGD ? 4 : 5;
    return 4 * parameters * (copies + (spec.averageDecay() > 0 ? 1 : 0));
  }

  /** Of weights alone, before any of them is made. */
  static void require(Layer network, TrainingSpec spec, long limit) {
    long parameters = Parameters.count(network);
    long needed = weights(parameters, spec);
    if (needed > limit) {
      throw new MemoryException(
          String.format(
              Locale.ROOT,
              "training: the network has %,d weights, which take %s in training; the limit is %s."
                  + " Give the network a smaller width, or raise the limit (--mem-mb) on a larger"
                  + " machine.",
              parameters,
              words(needed),
              words(limit)));
    }
  }

  /** The limit of a training: what its circumstances say, or what the machine has. */
  static long limit(TrainingRun run) {
    if (run.memoryLimit() > 0) {
      return run.memoryLimit();
    }
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean machine
        ? machine.getTotalMemorySize()
        : Long.MAX_VALUE;
  }

  /**
   * Measures. Neither the weights nor any random stream of the training are touched.
   *
   * @param objective network and loss
   * @param parameters its first weights
   * @param rows training rows
   * @param table which of them may be seen
   * @param spec settings
   */
  static MemoryEstimate of(
      Objective objective,
      Parameters parameters,
      TrainingRows rows,
      RowTable table,
      TrainingSpec spec) {
    Parameters copy = parameters.copy();
    try {
      int few = Math.min(FEW, table.rows().length / 2);
      if (few < 1) {
        return new MemoryEstimate(0, 0, 0, 0);
      }
      Ledger.Sum less = measured(objective, copy, Batch.of(rows, table, first(table, few)));
      Ledger.Sum more = measured(objective, copy, Batch.of(rows, table, first(table, 2 * few)));
      long row = Math.max(0, more.bytes() - less.bytes()) / few;
      long widest = Math.max(0, more.largest() - less.largest()) / few;
      long parametersLearned = Parameters.count(objective.whole());
      return new MemoryEstimate(
          weights(parametersLearned, spec) + 4 * copy.countOfFiles(),
          (long) (KEPT * row) + GRADIENTS * widest,
          Math.max(0, less.bytes() - row * few),
          bytes(rows.responses())
              + bytes(rows.targets())
              + bytes(rows.shown().targets())
              + bytes(rows.shown().inputs())
              + rows.shown().choices().values().stream().mapToLong(c -> bytes(c.all())).sum());
    } finally {
      copy.free();
    }
  }

  private static Ledger.Sum measured(Objective objective, Parameters weights, Batch batch) {
    return Ledger.of(() -> objective.of(Pass.training(weights, TorchRandom.ofNumber(0)), batch, 0));
  }

  private static int[] first(RowTable table, int count) {
    return Arrays.copyOf(table.rows(), count);
  }

  private static long bytes(Tensor tensor) {
    return 4L * tensor.size();
  }

  private static long bytes(Map<String, Tensor> tensors) {
    return tensors.values().stream().mapToLong(MemoryEstimate::bytes).sum();
  }

  /** Bytes with so many rows going through the network together. */
  long bytes(int together) {
    return weights + data + batch + row * together;
  }

  /** How many rows go through the network together at most. */
  static int together(TrainingSpec spec) {
    int chunk = spec.batches().chunk();
    return chunk > 0 ? Math.min(chunk, spec.batchSize()) : spec.batchSize();
  }

  void require(TrainingSpec spec, long limit) {
    int rows = together(spec);
    if (bytes(rows) > limit) {
      throw new MemoryException(
          String.format(
              Locale.ROOT,
              "training: about %s of memory are needed (%s for weights, gradients and optimiser, %s"
                  + " for the activations of %d rows at a time, %s for the data), the limit is %s. %s",
              words(bytes(rows)),
              words(weights),
              words(batch + row * rows),
              rows,
              words(data),
              words(limit),
              remedy(spec, rows, limit)));
    }
  }

  private String remedy(TrainingSpec spec, int rows, long limit) {
    long fit = row == 0 ? 0 : (limit - weights - data - batch) / row;
    if (fit < FEW) {
      return "Give the network a smaller width, or raise the limit (--mem-mb) on a larger machine.";
    }
    int smaller = Math.toIntExact(Math.min(fit, Integer.highestOneBit(rows - 1)));
    smaller = Integer.highestOneBit(smaller);
    int parts = (spec.batchSize() + smaller - 1) / smaller;
    return String.format(
        Locale.ROOT,
        "Make batches smaller and add up more of them in a step (training.batchSize: %d,"
            + " training.accumulate: %d), or raise the limit (--mem-mb). With"
            + " training.batches.chunk: %d the whole batch is compared as before.",
        smaller,
        parts * spec.accumulate(),
        smaller);
  }

  private static String words(long bytes) {
    return bytes >= 1e9
        ? String.format(Locale.ROOT, "%.1f GB", bytes / 1e9)
        : String.format(Locale.ROOT, "%.0f MB", bytes / 1e6);
  }
}
