package io.noesis.encoders.torch;

import io.noesis.run.Check;
import io.noesis.run.ModelException;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Moves parameters along their gradients, in place, with libtorch's fused kernels (one pass over
 * memory). A parameter without gradient stays where it is. Its state can be taken out and put back
 * bit for bit. Not thread-safe; the caller {@linkplain #free frees} it.
 */
public final class Optimizer {
  private static final String STEP = "step/";
  private static final String FIRST = "first/";
  private static final String SECOND = "second/";

  private final UpdateRule rule;
  private final List<ParameterGroup> groups;
  private final Map<String, Value> state = new LinkedHashMap<>();

  /**
   * An optimiser at its start.
   *
   * @param rule how steps are made
   * @param groups what to move; a name may appear once
   */
  public Optimizer(UpdateRule rule, List<ParameterGroup> groups) {
    this.rule = rule;
    this.groups = List.copyOf(groups);
    for (ParameterGroup group : this.groups) {
      group.parameters().forEach(this::prepare);
    }
  }

  private void prepare(String name, Value parameter) {
    Check.argument(
        !state.containsKey(FIRST + name), "parameter '%s' is in two groups of an optimiser", name);
    state.put(STEP + name, Value.of(0).keep());
    state.put(FIRST + name, new Value(torch.zeros_like(parameter.tensor())).keep());
    if (!(rule instanceof UpdateRule.Sgd)) {
      state.put(SECOND + name, new Value(torch.zeros_like(parameter.tensor())).keep());
    }
  }

  /**
   * One step.
   *
   * @param rate the learning rate
   */
  public void step(double rate) {
    Scope.run(() -> groups.forEach(group -> step(group, rate * group.rateFactor())));
  }

  private void step(ParameterGroup group, double rate) {
    List<Value> parameters = new ArrayList<>();
    List<Value> gradients = new ArrayList<>();
    List<String> names = new ArrayList<>();
    group
        .parameters()
        .forEach(
            (name, parameter) -> {
              Value gradient = parameter.gradient();
              if (gradient != null) {
                names.add(name);
                parameters.add(parameter);
                gradients.add(gradient);
                stored(STEP + name).tensor().add_(new org.bytedeco.pytorch.Scalar(1));
              }
            });
    if (!names.isEmpty()) {
      FusedUpdate.apply(
          rule,
          new FusedUpdate.Lists(
              parameters,
              gradients,
              states(FIRST, names),
              rule instanceof UpdateRule.Sgd ? List.of() : states(SECOND, names),
              states(STEP, names)),
          rate,
          group.weightDecay());
    }
  }

  private List<Value> states(String kind, List<String> names) {
    return names.stream().map(name -> stored(kind + name)).toList();
  }

  private Value stored(String name) {
    return Objects.requireNonNull(state.get(name), name);
  }

  /** Forgets all gradients. */
  public void clearGradients() {
    groups.forEach(group -> group.parameters().values().forEach(Value::clearGradient));
  }

  /**
   * Scales all gradients together so that their common length is at most the given one.
   *
   * @param longest the largest length
   * @return the length before; not finite when a gradient is not
   */
  public double clipGradients(double longest) {
    return Scope.get(
        () -> {
          TensorVector all = new TensorVector();
          for (ParameterGroup group : groups) {
            group.parameters().values().stream()
                .filter(parameter -> parameter.gradient() != null)
                .forEach(parameter -> all.push_back(parameter.tensor()));
          }
          return all.empty() ? 0.0 : torch.clip_grad_norm_(all, longest);
        });
  }

  /** A copy of its state, for a checkpoint. */
  public Map<String, Tensor> state() {
    Map<String, Tensor> copy = new LinkedHashMap<>();
    Scope.run(() -> state.forEach((name, value) -> copy.put(name, value.toTensor())));
    return copy;
  }

  /**
   * Goes on where another optimiser of the same parameters and rule stopped.
   *
   * @param saved what {@link #state} gave
   * @throws ModelException when it belongs to other parameters
   */
  public void restore(Map<String, Tensor> saved) {
    if (!saved.keySet().equals(state.keySet())) {
      throw new ModelException(
          "resuming a training: the state of the optimiser is of other parameters ("
              + saved.size()
              + " arrays, expected "
              + state.size()
              + "). Resume with the recipe it was started with, or start anew.");
    }
    Scope.run(() -> saved.forEach((name, values) -> stored(name).assign(Value.of(values))));
  }

  /** Frees its state; the parameters are left alone. */
  public void free() {
    state.values().forEach(Value::free);
    state.clear();
  }
}
