package io.noesis.encoders.architecture;

import io.noesis.run.ModelException;
import io.noesis.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The blocks of MindEye 2 as they are in its public weights. Each ends in a layer norm over a
 * sequence of length 1, which gives its bias whatever goes in; so all that a block adds to each
 * element of the ridge's output is w₂·GELU(w₁·b + b₁) + b₂, and what stands before is lost.
 */
final class MixerBlocks {
  private static final String FIRST = "mixer_blocks1.";
  private static final String SECOND = "mixer_blocks2.";

  private MixerBlocks() {}

  /**
   * The same weights without blocks: their sum is in the biases of the maps that follow.
   *
   * @param weights of MindEye 2, with or without names in front
   * @return others
   * @throws ModelException when a block is incomplete, or of sequences that are longer than 1
   */
  static Map<String, Tensor> folded(Map<String, Tensor> weights) {
    Map<String, Tensor> left = new LinkedHashMap<>();
    double added = 0;
    for (Map.Entry<String, Tensor> entry : weights.entrySet()) {
      String name = entry.getKey();
      int at = name.indexOf(SECOND);
      if (at >= 0 && name.substring(at + SECOND.length()).matches("\\d+\\.0\\.bias")) {
        added += of(weights, name.substring(0, name.length() - ".0.bias".length()));
      }
      if (at < 0 && !name.contains(FIRST)) {
        left.put(name, entry.getValue());
      }
    }
    double sum = added;
    left.replaceAll(
        (name, numbers) ->
            name.endsWith("backbone_linear.bias") || name.endsWith("blin1.bias")
                ? moved(numbers, weights.get(name.replace(".bias", ".weight")), sum)
                : numbers);
    return left;
  }

  private static double of(Map<String, Tensor> weights, String block) {
    double norm = one(weights, block + ".0.bias");
    double inner = one(weights, block + ".1.0.weight") * norm + one(weights, block + ".1.0.bias");
    return one(weights, block + ".1.3.weight") * gelu(inner) + one(weights, block + ".1.3.bias");
  }

  private static double one(Map<String, Tensor> weights, String name) {
    Tensor number = weights.get(name);
    if (number == null || number.size() != 1) {
      throw new ModelException(
          "importing MindEye 2: expected one number '"
              + name
              + "', found "
              + (number == null ? "none" : number.shape().toString())
              + ". Only networks of one response at a time (seq_len 1) can be imported.");
    }
    return number.array()[0];
  }

  /** A linear map of x + sum: its bias and the sum times each row of its weights. */
  private static Tensor moved(Tensor bias, Tensor weight, double sum) {
    if (weight == null || weight.size() % bias.size() != 0) {
      throw new ModelException(
          "importing MindEye 2: a map behind the blocks has a bias "
              + bias.shape()
              + " and no weight that fits. Give all weights of the backbone.");
    }
    float[] out = bias.array().clone();
    int width = weight.size() / out.length;
    for (int row = 0; row < out.length; row++) {
      double all = 0;
      for (int i = 0; i < width; i++) {
        all += weight.array()[row * width + i];
      }
      out[row] += (float) (sum * all);
    }
    return Tensor.wrap(out, out.length);
  }

  /** x·Φ(x), Φ integrated by Simpson's rule. */
  private static double gelu(double x) {
    int parts = 2000;
    double step = x / parts;
    double area = density(0) + density(x);
    for (int i = 1; i < parts; i++) {
      area += (i % 2 == 1 ? 4 : 2) * density(i * step);
    }
    return x * (0.5 + area * step / 3);
  }

  private static double density(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }
}
