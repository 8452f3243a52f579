package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a forward pass has at hand besides its input: parameters, the mode, the random stream of
 * dropout, and further inputs by name ({@code subject}, {@code context}, ...). It also collects
 * what layers add to the loss. To be used for one forward pass, by one thread.
 */
public final class Pass {
  /**
   * Name of the further input that is the embedding to decode: offered while a network is trained
   * or validated, never when it decodes; other targets are {@code target.NAME}.
   */
  public static final String TARGET = "target";

  /**
   * In front of the names of further inputs that are features of the stimulus, which the network is
   * told also when it decodes.
   */
  public static final String TOLD = "told.";

  private final Parameters parameters;
  private final String prefix;
  private final Mode mode;
  private final TorchRandom random;
  private final Map<String, Value> further;
  private final Map<String, Value> replaced;
  private final Map<String, Value> terms;
  private final Map<String, Value> outputs;

  private Pass(Pass outer, String prefix, Map<String, Value> further, Map<String, Value> replaced) {
    this.parameters = outer.parameters;
    this.prefix = prefix;
    this.mode = outer.mode;
    this.random = outer.random;
    this.further = further;
    this.replaced = replaced;
    this.terms = outer.terms;
    this.outputs = outer.outputs;
  }

  private Pass(Parameters parameters, Mode mode, TorchRandom random) {
    this.parameters = parameters;
    this.prefix = "";
    this.mode = mode;
    this.random = random;
    this.further = Map.of();
    this.replaced = Map.of();
    this.terms = new LinkedHashMap<>();
    this.outputs = new LinkedHashMap<>();
  }

  /**
   * A pass for training.
   *
   * @param parameters of the network
   * @param random the stream of dropout
   * @return the pass
   */
  public static Pass training(Parameters parameters, TorchRandom random) {
    return new Pass(parameters, Mode.TRAINING, random);
  }

  /**
   * A pass that computes each row by itself and draws nothing.
   *
   * @param parameters of the network
   * @return the pass
   */
  public static Pass evaluation(Parameters parameters) {
    return new Pass(parameters, Mode.EVALUATION, TorchRandom.ofNumber(0));
  }

  /** The same pass, with a further input. */
  public Pass with(String name, Value value) {
    Map<String, Value> more = new HashMap<>(further);
    more.put(name, value);
    return new Pass(this, prefix, more, replaced);
  }

  /**
   * The same in evaluation, whose terms and outputs are its own: for a network that is not trained.
   */
  Pass evaluating() {
    return new Pass(new Pass(parameters, Mode.EVALUATION, random), prefix, further, replaced);
  }

  /** The same pass, in which a parameter of the layer has another value. */
  Pass replacing(String name, Value value) {
    Map<String, Value> more = new HashMap<>(replaced);
    more.put(prefix + name, value);
    return new Pass(this, prefix, further, more);
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
    return new Pass(this, prefix + name + ".", further, replaced);
  }

  /** A parameter or statistic of the layer. */
  public Value parameter(String name) {
    Value other = replaced.get(prefix + name);
    return other == null ? parameters.get(prefix + name) : other;
  }

  /** Whether training leaves a parameter or statistic of the layer as it is. */
  public boolean frozen(String name) {
    return parameters.frozen(prefix + name);
  }

  /**
   * Adds to the loss, besides what the objective makes of the output: a commitment of codes, the
   * error of a reconstruction. Who trains gives each name a weight; values of one name add up.
   *
   * @param name what it is
   * @param value one number
   */
  public void term(String name, Value value) {
    Check.argument(
        value.shape().size() == 1, "the term '%s' of the loss is one number: %s", name, value);
    terms.merge(name, value, Ops::add);
  }

  /** What layers added to the loss so far, by name, in the order of the network; a live view. */
  public Map<String, Value> terms() {
    return Collections.unmodifiableMap(terms);
  }

  /**
   * Gives a further output of the network besides the embedding: a head.
   *
   * @param name of the head; a loss may ask for it
   * @param value first axis: batch
   */
  public void output(String name, Value value) {
    Check.argument(!outputs.containsKey(name), "the network has two outputs '%s'", name);
    outputs.put(name, value);
  }

  /** The further outputs so far, by name, in the order of the network; a live view. */
  public Map<String, Value> outputs() {
    return Collections.unmodifiableMap(outputs);
  }

  /** Whether there is a further input of that name. */
  public boolean offers(String name) {
    return further.containsKey(name);
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
