package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Precision;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.run.ModelException;
import io.noesis.run.Seed;
import io.noesis.run.Suggest;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The numbers of a network by name ({@code blocks.0.linear.weight}), in libtorch's memory. Training
 * changes them in place. Each is drawn from a stream of its own name, so adding a layer moves no
 * other's first values. Not thread-safe; whoever made them {@linkplain #free frees} them.
 */
public final class Parameters {
  enum Role {
    LEARNED,
    OF_SUBJECTS,
    STATISTIC,
    STATISTIC_OF_SUBJECTS,
    /** Others trained them: they stay in their file, and never change. */
    OF_FILE;

    boolean learned() {
      return this == LEARNED || this == OF_SUBJECTS;
    }

    boolean own() {
      return this == OF_SUBJECTS || this == STATISTIC_OF_SUBJECTS;
    }

    /** The same of which each subject has its own. */
    Role ofSubjects() {
      return learned() ? OF_SUBJECTS : STATISTIC_OF_SUBJECTS;
    }
  }

  private final Seed seed;
  private final Map<String, Value> values = new LinkedHashMap<>();
  private final Map<String, Role> roles = new LinkedHashMap<>();
  private final Set<String> frozen = new LinkedHashSet<>();

  private Parameters(Seed seed) {
    this.seed = seed;
  }

  /**
   * The first values of a network's parameters.
   *
   * @param network the network
   * @param seed root of their streams
   * @return the parameters, to be freed by the caller
   */
  public static Parameters of(Layer network, Seed seed) {
    Parameters parameters = new Parameters(seed);
    network.declare(new Declaration(parameters::add, ""));
    return parameters;
  }

  /**
   * How many numbers a network learns, without making them.
   *
   * @param network the network
   * @return their count
   */
  public static long count(Layer network) {
    long[] count = {0};
    network.declare(
        new Declaration(
            (name, initial, role, sizes) -> {
              long product = role.learned() ? 1 : 0;
              for (int size : sizes) {
                product *= size;
              }
              count[0] += product;
            },
            ""));
    return count[0];
  }

  /**
   * Parameters with given numbers.
   *
   * @param network the network
   * @param numbers what {@link #snapshot} gave, or another program's weights under our names
   * @return the parameters, to be freed by the caller
   * @throws ModelException when a name is missing, unknown, or of another shape
   */
  public static Parameters of(Layer network, Map<String, Tensor> numbers) {
    Parameters parameters = of(network, Seed.of(0));
    parameters.restore(numbers);
    return parameters;
  }

  /**
   * What a network declares, without making it.
   *
   * @param network the network
   * @return the shape of each parameter and statistic, in the order of the network
   */
  public static Map<String, Shape> shapes(Layer network) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    network.declare(
        new Declaration((name, initial, role, sizes) -> shapes.put(name, Shape.of(sizes)), ""));
    return shapes;
  }

  /**
   * Which parameters and statistics each subject has its own of, without making them.
   *
   * @param network the network
   * @return their names; the first axis of each is the subject
   */
  public static Set<String> ofSubjects(Layer network) {
    Set<String> names = new LinkedHashSet<>();
    network.declare(
        new Declaration(
            (name, initial, role, sizes) -> {
              if (role.own()) {
                names.add(name);
              }
            },
            ""));
    return names;
  }

  private void add(String name, Initial initial, Role role, int... sizes) {
    Check.argument(!values.containsKey(name), "the network has two parameters '%s'", name);
    Scope.run(
        () -> {
          Value value = initial.make(TorchRandom.of(seed.child(name)), sizes);
          values.put(name, (role.learned() ? value.requireGradient() : value).keep());
        });
    roles.put(name, role);
  }

  /**
   * One of them.
   *
   * @param name its full name
   * @return the live value
   */
  public Value get(String name) {
    Value value = values.get(name);
    if (value == null) {
      throw new ModelException(
          "the network has no parameter '"
              + name
              + "'. "
              + Suggest.sentence(name, values.keySet()));
    }
    return value;
  }

  private Role role(String name) {
    return java.util.Objects.requireNonNull(roles.get(name), name);
  }

  private boolean learns(String name) {
    return role(name).learned() && !frozen.contains(name);
  }

  private boolean ofFile(String name) {
    return role(name) == Role.OF_FILE;
  }

  /** Those that training changes, in the order of the network; without the frozen ones. */
  public Map<String, Value> learned() {
    Map<String, Value> learned = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          if (learns(name)) {
            learned.put(name, value);
          }
        });
    return Collections.unmodifiableMap(learned);
  }

  /** All names, in the order of the network. */
  public Set<String> names() {
    return Collections.unmodifiableSet(values.keySet());
  }

  /** How many numbers are learned, frozen ones included. */
  public long count() {
    return count(name -> role(name).learned());
  }

  /** How many numbers are those of files, which copies of the parameters share. */
  public long countOfFiles() {
    return count(this::ofFile);
  }

  private long count(Predicate<String> which) {
    return values.entrySet().stream()
        .filter(entry -> which.test(entry.getKey()))
        .mapToLong(entry -> entry.getValue().shape().size())
        .sum();
  }

  /**
   * Leaves a parameter or statistic as it is: no gradient of it is computed, and it does not move.
   *
   * @param name its full name
   */
  public void freeze(String name) {
    get(name).refuseGradient();
    frozen.add(name);
  }

  /** Whether one of them is left as it is. */
  public boolean frozen(String name) {
    return frozen.contains(name);
  }

  /** A copy on the heap of all but those of files, which their files have. */
  public Map<String, Tensor> snapshot() {
    return copied(name -> !ofFile(name));
  }

  /** A copy on the heap of what is stored but not learned; without those of files. */
  public Map<String, Tensor> statistics() {
    return copied(name -> !ofFile(name) && !role(name).learned());
  }

  private Map<String, Tensor> copied(Predicate<String> which) {
    Map<String, Tensor> copy = new LinkedHashMap<>();
    Scope.run(
        () ->
            values.forEach(
                (name, value) -> {
                  if (which.test(name)) {
                    copy.put(name, value.toTensor());
                  }
                }));
    return copy;
  }

  /**
   * Overwrites all numbers but those of files.
   *
   * @param numbers one tensor for each name that {@link #snapshot} has
   * @throws ModelException when a name is missing, unknown, or of another shape
   */
  public void restore(Map<String, Tensor> numbers) {
    for (String name : values.keySet()) {
      if (!ofFile(name) && !numbers.containsKey(name)) {
        throw unlike(name, " is missing. ", numbers.size());
      }
    }
    startFrom(numbers);
  }

  /**
   * Overwrites some numbers; the others stay as they are.
   *
   * @param numbers by name
   * @throws ModelException when a name is unknown, or of another shape
   */
  public void startFrom(Map<String, Tensor> numbers) {
    numbers.forEach(
        (name, tensor) -> {
          if (!tensor.shape().equals(get(name).shape())) {
            throw unlike(name, " has the shape " + tensor.shape() + ". ", numbers.size());
          }
        });
    Scope.run(() -> numbers.forEach((name, tensor) -> get(name).assign(Value.of(tensor))));
  }

  private ModelException unlike(String name, String what, int given) {
    return new ModelException(
        "loading weights: parameter '"
            + name
            + "' "
            + get(name).shape()
            + what
            + "Give the weights of a network of the same settings; there are "
            + given
            + " arrays, the network has "
            + values.size()
            + ".");
  }

  /**
   * A copy in another floating point type, for checks of gradients.
   *
   * @param precision the type
   * @return new parameters, to be freed by the caller
   */
  public Parameters to(Precision precision) {
    Parameters copy = new Parameters(seed);
    Scope.run(
        () ->
            values.forEach(
                (name, value) -> {
                  Value other = value.detach().to(precision);
                  copy.values.put(name, (learns(name) ? other.requireGradient() : other).keep());
                }));
    copy.roles.putAll(roles);
    copy.frozen.addAll(frozen);
    return copy;
  }

  /**
   * A copy that changes on its own, to be freed by the caller; what never changes is in memory
   * once.
   */
  public Parameters copy() {
    Parameters copy = new Parameters(seed);
    Scope.run(
        () ->
            values.forEach(
                (name, value) -> {
                  Value own = ofFile(name) ? value.detach() : Value.of(value.toTensor());
                  copy.values.put(name, (learns(name) ? own.requireGradient() : own).keep());
                }));
    copy.roles.putAll(roles);
    copy.frozen.addAll(frozen);
    return copy;
  }

  /**
   * Moves what is learned a fraction of the way to others of the same network, and takes over their
   * statistics: a running average of weights.
   *
   * @param others where to
   * @param fraction 0 stays, 1 arrives
   */
  public void follow(Parameters others, double fraction) {
    Scope.run(
        () ->
            values.forEach(
                (name, value) -> {
                  if (learns(name)) {
                    value.moveTowards(others.get(name), fraction);
                  } else if (!ofFile(name) && !frozen.contains(name)) {
                    value.assign(others.get(name));
                  }
                }));
  }

  /** Frees them. */
  public void free() {
    values.values().forEach(Value::free);
    values.clear();
  }
}
