package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;

/**
 * A layer whose weight is used with rows (axis 0: one for each output) of a length of at most
 * {@code limit}, as EEGNet bounds its spatial filters (Lawhern et al. 2018,
 * doi:10.1088/1741-2552/aace8c). Longer rows are shortened whenever they are used, in training and
 * in the graph alike, instead of being overwritten after each step.
 *
 * @param inner a layer with a parameter {@code weight}, whose names it keeps
 * @param limit above 0
 */
public record MaxNorm(Layer inner, double limit) implements Layer {
  private static final String WEIGHT = "weight";

  /** Checks the limit. */
  public MaxNorm {
    Check.argument(limit > 0, "longest weight: expected a limit above 0, found %s", limit);
  }

  @Override
  public void declare(Declaration parameters) {
    inner.declare(parameters);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value weight = pass.parameter(WEIGHT);
    int[] perRow = weight.shape().toArray();
    java.util.Arrays.fill(perRow, 1, perRow.length, 1);
    Value squares = Ops.sum(Ops.square(Ops.reshape(weight, weight.dim(0), -1)), 1);
    Value length = Ops.sqrt(Ops.atLeast(squares, limit * limit));
    Value bounded = Ops.divide(Ops.multiply(weight, limit), Ops.reshape(length, perRow));
    return inner.forward(pass.replacing(WEIGHT, bounded), input);
  }

  @Override
  public String emit(Emission graph, String input) {
    return inner.emit(graph.replacing(WEIGHT, bounded(graph.numbers(WEIGHT))), input);
  }

  private Tensor bounded(Tensor weight) {
    float[] values = weight.array().clone();
    int width = values.length / weight.dim(0);
    for (int from = 0; from < values.length; from += width) {
      double squares = 0;
      for (int i = from; i < from + width; i++) {
        squares += (double) values[i] * values[i];
      }
      double scale = limit / Math.max(limit, Math.sqrt(squares));
      for (int i = from; i < from + width; i++) {
        values[i] = (float) (values[i] * scale);
      }
    }
    return Tensor.wrap(values, weight.shape().toArray());
  }

  @Override
  public String describe() {
    return inner.describe() + ", weights of length at most " + limit;
  }
}
