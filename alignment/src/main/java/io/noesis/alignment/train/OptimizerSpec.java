package io.noesis.alignment.train;

import io.noesis.encoders.torch.ParameterGroup;
import io.noesis.encoders.torch.UpdateRule;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How gradients become steps.
 *
 * @param rule the method
 * @param learningRate the largest of the schedule
 * @param weightDecay pull towards zero, per unit of learning rate
 * @param decayed which parameters are pulled
 * @param beta1 decay of the mean gradient; the momentum of {@link Rule#SGD}
 * @param beta2 decay of the mean squared gradient; not used by {@link Rule#SGD}
 */
public record OptimizerSpec(
    Rule rule,
    double learningRate,
    double weightDecay,
    Decayed decayed,
    double beta1,
    double beta2) {
  private static final double EPSILON = 1e-8;

  /** The methods. */
  public enum Rule {
    /** Adam with decoupled weight decay. */
    ADAMW,
    /** Adam. */
    ADAM,
    /** Gradient descent with momentum. */
    SGD
  }

  /** Which parameters the weight decay pulls. */
  public enum Decayed {
    /** All. */
    ALL,
    /** Matrices and kernels; not biases and the scales of normalisations. */
    MATRICES
  }

  /** Checks the ranges. */
  public OptimizerSpec {
    Check.argument(
        learningRate > 0, "learning rate: expected a number above 0, found %s", learningRate);
    Check.argument(
        weightDecay >= 0, "weight decay: expected a number of at least 0, found %s", weightDecay);
    Check.argument(
        beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1,
        "betas of the optimizer: expected numbers from 0 to below 1, found %s and %s",
        beta1,
        beta2);
  }

  /** AdamW at 3e-4 with decay 0.01 of matrices: MindEye's. */
  public static OptimizerSpec defaults() {
    return new OptimizerSpec(Rule.ADAMW, 3e-4, 1e-2, Decayed.MATRICES, 0.9, 0.999);
  }

  UpdateRule updateRule() {
    return switch (rule) {
      case ADAMW -> new UpdateRule.AdamW(beta1, beta2, EPSILON);
      case ADAM -> new UpdateRule.Adam(beta1, beta2, EPSILON);
      case SGD -> new UpdateRule.Sgd(beta1);
    };
  }

  List<ParameterGroup> groups(Map<String, Value> parameters) {
    Map<String, Value> pulled = new LinkedHashMap<>();
    Map<String, Value> free = new LinkedHashMap<>();
    parameters.forEach(
        (name, value) ->
            (decayed == Decayed.ALL || value.rank() > 1 ? pulled : free).put(name, value));
    return List.of(new ParameterGroup(pulled, 1, weightDecay), new ParameterGroup(free, 1, 0));
  }
}
