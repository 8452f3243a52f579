package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * A residual branch with its layer norm: x + f(norm(x)), or norm(x + f(x)) as in the first
 * transformers (Xiong et al. 2020, arXiv:2002.04745, compare both). {@code [..., width]} → the
 * same. The parameters of f keep their names; {@code norm} and {@code scale} stand beside them.
 *
 * @param inner f
 * @param width of the last axis
 * @param style where the norm is, and what happens to f's output
 */
public record NormedResidual(Layer inner, int width, Style style) implements Layer {
  /** Where the norm is. */
  public enum Order {
    /** x + f(norm(x)). */
    NORM_FIRST,
    /** norm(x + f(x)). */
    NORM_LAST
  }

  /**
   * How branches are added.
   *
   * @param order where the norm is
   * @param epsilon of the norm
   * @param dropout rate for elements of f's output
   * @param dropPath rate for f's whole output of a row
   * @param scale where learned factors of f's output begin; 0 for no factors
   */
  public record Style(Order order, double epsilon, double dropout, double dropPath, double scale) {
    /** Checks the scale; the rest is checked by its layers. */
    public Style {
      Check.argument(
          scale >= 0, "residual branch: expected a scale of at least 0, found %s", scale);
    }

    /** The norm first, ε 1e-5, nothing else. */
    public static Style normFirst() {
      return new Style(Order.NORM_FIRST, 1e-5, 0, 0, 0);
    }

    /** The norm last, ε 1e-5, nothing else. */
    public static Style normLast() {
      return new Style(Order.NORM_LAST, 1e-5, 0, 0, 0);
    }

    /** The same with another ε. */
    public Style withEpsilon(double other) {
      return new Style(order, other, dropout, dropPath, scale);
    }

    /** The same with another dropout rate. */
    public Style withDropout(double other) {
      return new Style(order, epsilon, other, dropPath, scale);
    }

    /** The same with another rate for whole rows. */
    public Style withDropPath(double other) {
      return new Style(order, epsilon, dropout, other, scale);
    }

    /** The same with learned factors that begin at a number (LayerScale). */
    public Style withScale(double other) {
      return new Style(order, epsilon, dropout, dropPath, other);
    }
  }

  private Layer norm() {
    return new LayerNorm(width, style.epsilon());
  }

  /** What happens to f's output before it is added. */
  private Layer after() {
    Sequence.Builder steps = Sequence.builder();
    if (style.scale() > 0) {
      steps.add("scale", new LearnedScale(width, style.scale()));
    }
    return steps
        .add("dropout", new Dropout(style.dropout()))
        .add("drop_path", new Dropout(style.dropPath(), Dropout.Unit.ROW))
        .build();
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.inner("norm", norm());
    inner.declare(parameters);
    after().declare(parameters);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    boolean first = style.order() == Order.NORM_FIRST;
    Value branch = inner.forward(pass, first ? pass.inner("norm", norm(), input) : input);
    Value sum = Ops.add(input, after().forward(pass, branch));
    return first ? sum : pass.inner("norm", norm(), sum);
  }

  @Override
  public String emit(Emission graph, String input) {
    boolean first = style.order() == Order.NORM_FIRST;
    String branch = inner.emit(graph, first ? graph.inner("norm", norm(), input) : input);
    String sum = graph.node("Add", "residual", List.of(input, after().emit(graph, branch)));
    return first ? sum : graph.inner("norm", norm(), sum);
  }

  @Override
  public String describe() {
    return style.order() == Order.NORM_FIRST
        ? "x + (" + inner.describe() + " of its norm)"
        : "norm of x + (" + inner.describe() + ")";
  }
}
