package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** A weighted sum of tensors of one shape, added up in double and rounded once. */
final class Sum {
  private final List<Tensor> tensors = new ArrayList<>();
  private final List<Double> weights = new ArrayList<>();

  static Tensor of(double a, Tensor x, double b, Tensor y) {
    return new Sum().add(a, x).add(b, y).tensor();
  }

  static Tensor of(double a, Tensor x, double b, Tensor y, double c, Tensor z) {
    return new Sum().add(a, x).add(b, y).add(c, z).tensor();
  }

  Sum add(double weight, Tensor tensor) {
    if (!tensors.isEmpty()) {
      Check.argument(
          tensor.shape().equals(tensors.get(0).shape()),
          "a sampler adds tensors of shape %s and %s; they must agree",
          tensors.get(0).shape(),
          tensor.shape());
    }
    tensors.add(tensor);
    weights.add(weight);
    return this;
  }

  Tensor tensor() {
    double[] total = new double[tensors.get(0).size()];
    for (int k = 0; k < tensors.size(); k++) {
      float[] values = tensors.get(k).array();
      double weight = weights.get(k);
      for (int i = 0; i < total.length; i++) {
        total[i] += weight * values[i];
      }
    }
    float[] out = new float[total.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) total[i];
    }
    return Tensor.wrap(out, tensors.get(0).shape().toArray());
  }
}
