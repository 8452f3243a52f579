package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Layers one after another, each under a name of its own.
 *
 * @param steps at least one
 */
public record Sequence(List<Step> steps) implements Layer {
  /**
   * A named layer.
   *
   * @param name in front of its parameters' names
   * @param layer the layer
   */
  public record Step(String name, Layer layer) {}

  /** Checks that there is one. */
  public Sequence {
    Check.argument(!steps.isEmpty(), "a sequence of layers: expected at least one, found none");
    steps = List.copyOf(steps);
  }

  /** An empty list of steps to add to. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects the steps of a sequence. */
  public static final class Builder {
    private final List<Step> steps = new ArrayList<>();

    private Builder() {}

    /**
     * Adds a layer at the end.
     *
     * @param name in front of its parameters' names
     * @param layer the layer
     * @return this
     */
    public Builder add(String name, Layer layer) {
      steps.add(new Step(name, layer));
      return this;
    }

    /** The sequence. */
    public Sequence build() {
      return new Sequence(steps);
    }
  }

  @Override
  public void declare(Declaration parameters) {
    steps.forEach(step -> parameters.inner(step.name(), step.layer()));
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value value = input;
    for (Step step : steps) {
      value = pass.inner(step.name(), step.layer(), value);
    }
    return value;
  }

  @Override
  public String emit(Emission graph, String input) {
    String value = input;
    for (Step step : steps) {
      value = graph.inner(step.name(), step.layer(), value);
    }
    return value;
  }

  @Override
  public String describe() {
    return steps.stream().map(step -> step.layer().describe()).collect(Collectors.joining(", "));
  }
}
