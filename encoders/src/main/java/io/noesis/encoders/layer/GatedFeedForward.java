package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * out(activation(gate(x)) · into(x)), three linear maps without biases (Shazeer 2020,
 * arXiv:2002.05202; the feed-forward network of T5 1.1): {@code [..., width]} → the same.
 *
 * @param width of input and output
 * @param hidden width between
 * @param activation of the gate; it has no parameters
 */
public record GatedFeedForward(int width, int hidden, Layer activation) implements Layer {
  /** Checks the widths. */
  public GatedFeedForward {
    Check.argument(
        width > 0 && hidden > 0,
        "gated feed-forward network: expected widths of at least 1, found %d and %d",
        width,
        hidden);
  }

  private Layer in() {
    return new Linear(width, hidden, Bias.WITHOUT);
  }

  private Layer out() {
    return new Linear(hidden, width, Bias.WITHOUT);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.inner("gate", in());
    parameters.inner("into", in());
    parameters.inner("out", out());
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value gate = activation.forward(pass, pass.inner("gate", in(), input));
    return pass.inner("out", out(), Ops.multiply(gate, pass.inner("into", in(), input)));
  }

  @Override
  public String emit(Emission graph, String input) {
    String gate = graph.inner("activation", activation, graph.inner("gate", in(), input));
    String opened = graph.node("Mul", "opened", List.of(gate, graph.inner("into", in(), input)));
    return graph.inner("out", out(), opened);
  }

  @Override
  public String describe() {
    return width + " → " + hidden + " gated by " + activation.describe() + " → " + width;
  }
}
