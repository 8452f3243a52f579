package io.noesis.alignment.train;

import io.noesis.encoders.Pretraining;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.layer.SubjectLinear;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * How well a stage of pretraining does on some rows, with masks and dropout as in training.
 *
 * @param terms what its layers add, the mean over rows
 * @param ofMean the squared error of the mean of the rows it learned from, where it predicts
 *     numbers
 * @param codes how codes were used, where there are such
 */
record StageMeasure(Map<String, Double> terms, OptionalDouble ofMean, Optional<Codes> codes) {
  private static final int BATCH = 64;
  private static final String CODES = "codes";

  /**
   * How codes were used.
   *
   * @param used how many at least once
   * @param perplexity exp of the entropy of their frequencies
   */
  record Codes(int used, double perplexity) {}

  static StageMeasure of(
      Pretraining.Stage stage,
      Map<String, Tensor> weights,
      TrainingRows learned,
      TrainingRows rows,
      Seed seed) {
    Parameters parameters = Parameters.of(stage.network(), weights);
    parameters.names().forEach(parameters::freeze);
    Map<String, Double> terms = new LinkedHashMap<>();
    Map<Long, Integer> codes = new TreeMap<>();
    int count = rows.groups().size();
    try {
      for (int from = 0; from < count; from += BATCH) {
        int[] which = IntStream.range(from, Math.min(count, from + BATCH)).toArray();
        Seed own = seed.child("measure " + from);
        Scope.run(
            () ->
                Scope.withoutGradients(
                    () -> {
                      Pass pass = Pass.training(parameters, TorchRandom.of(own));
                      run(stage, pass, rows, which);
                      double share = which.length / (double) count;
                      pass.terms().forEach((n, v) -> terms.merge(n, v.item() * share, Double::sum));
                      count(pass, codes);
                      return true;
                    }));
      }
    } finally {
      parameters.free();
    }
    OptionalDouble mean =
        stage.numbers() == 0
            ? OptionalDouble.empty()
            : OptionalDouble.of(errorOfMean(learned, rows, stage.numbers()));
    return new StageMeasure(
        terms, mean, codes.isEmpty() ? Optional.empty() : Optional.of(usage(codes)));
  }

  private static void run(Pretraining.Stage stage, Pass pass, TrainingRows rows, int[] which) {
    int[] numbers = rows.recorded().numbers();
    long[] subjects = Arrays.stream(which).mapToLong(row -> numbers[row]).toArray();
    stage
        .network()
        .forward(
            pass.with(SubjectLinear.SUBJECT, Value.of(subjects, subjects.length)),
            Value.of(rows.responses().rows(which)));
  }

  private static void count(Pass pass, Map<Long, Integer> codes) {
    Value named = pass.outputs().get(CODES);
    if (named != null) {
      for (long code : named.toLongs()) {
        codes.merge(code, 1, Integer::sum);
      }
    }
  }

  private static Codes usage(Map<Long, Integer> codes) {
    double all = codes.values().stream().mapToInt(Integer::intValue).sum();
    double entropy = 0;
    for (int times : codes.values()) {
      entropy -= times / all * Math.log(times / all);
    }
    return new Codes(codes.size(), Math.exp(entropy));
  }

  /** Each subject by the mean of its own rows. */
  private static double errorOfMean(TrainingRows learned, TrainingRows rows, int numbers) {
    int people = learned.recorded().widths().size();
    int size = rows.responses().size() / rows.groups().size();
    double[][] means = new double[people][size];
    int[] counts = new int[people];
    int[] who = learned.recorded().numbers();
    for (int row = 0; row < who.length; row++) {
      counts[who[row]]++;
      for (int i = 0; i < size; i++) {
        means[who[row]][i] += learned.responses().array()[row * size + i];
      }
    }
    double sum = 0;
    int[] whose = rows.recorded().numbers();
    for (int row = 0; row < whose.length; row++) {
      for (int i = 0; i < size; i++) {
        double mean = means[whose[row]][i] / counts[whose[row]];
        double far = rows.responses().array()[row * size + i] - mean;
        sum += far * far;
      }
    }
    return sum / ((double) numbers * whose.length);
  }
}
