package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.HashMap;
import java.util.Map;

/**
 * What a forward pass has at hand besides its input: parameters, the mode, the random stream of
 * dropout, and further inputs by name ({@code subject}, {@code context}, ...). Immutable.
 */
public final class Pass {
  private final Parameters parameters;
  private final String prefix;
  private final Mode mode;
  private final TorchRandom random;
  private final Map<String, Value> further;

  private Pass(
      Parameters parameters,
      String prefix,
      Mode mode,
      TorchRandom random,
      Map<String, Value> further) {
    this.parameters = parameters;
    this.prefix = prefix;
    this.mode = mode;
    this.random = random;
    this.further = further;
  }

  /**
   * A pass for training.
   *
   * @param parameters of the network
   * @param random the stream of dropout
   * @return the pass
   */
  public static Pass training(Parameters parameters, TorchRandom random) {
    return new Pass(parameters, "", Mode.TRAINING, random, Map.of());
  }

  /**
   * A pass that computes each row by itself and draws nothing.
   *
   * @param parameters of the network
   * @return the pass
   */
  public static Pass evaluation(Parameters parameters) {
    return new Pass(parameters, "", Mode.EVALUATION, TorchRandom.ofNumber(0), Map.of());
  }

  /** The same pass, with a further input. */
  public Pass with(String name, Value value) {
    Map<String, Value> more = new HashMap<>(further);
    more.put(name, value);
    return new Pass(parameters, prefix, mode, random, more);
  }

  /**
   * Runs an inner layer.
   *
   * @param name as it was declared
   * @param layer the inner layer
   * @param input its input
   * @return its output
   */
  public Value inner(String name, Layer layer, Value input) {
    return layer.forward(in(name), input);
  }

  /** The same pass for an inner layer. */
  public Pass in(String name) {
    return new Pass(parameters, prefix + name + ".", mode, random, further);
  }

  /** A parameter or statistic of the layer. */
  public Value parameter(String name) {
    return parameters.get(prefix + name);
  }

  /** A further input. */
  public Value further(String name) {
    Value value = further.get(name);
    Check.argument(value != null, "the network needs a further input '%s'", name);
    return java.util.Objects.requireNonNull(value);
  }

  /** Training or evaluation. */
  public Mode mode() {
    return mode;
  }

  /** The stream of dropout. */
  public TorchRandom random() {
    return random;
  }
}
