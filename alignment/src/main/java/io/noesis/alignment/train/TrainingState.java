package io.noesis.alignment.train;

import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Optimizer;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.Value;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** All that changes while a training goes on; a checkpoint is a copy of it. */
final class TrainingState {
  /** Averages begin near the weights: the first steps move them further (as in TensorFlow). */
  private static final double EARLY = 10;

  private final TrainingSpec spec;
  private final Parameters parameters;
  private final Optimizer optimizer;
  private final @Nullable Parameters averaged;
  private final List<EpochRecord> history = new ArrayList<>();
  private Map<String, Tensor> best = Map.of();
  private int chosenEpoch;

  /** Validation loss of the first weights, where they may be chosen. */
  private OptionalDouble atStart = OptionalDouble.empty();

  private int step;
  private double lossSum;
  private final Map<String, Double> termSums = new LinkedHashMap<>();
  private int lossCount;

  /**
   * A training at its start.
   *
   * @param spec settings
   * @param objective network and loss
   * @param given first weights of the network by name; those missing are drawn
   * @param seed of the drawn ones
   */
  TrainingState(TrainingSpec spec, Objective objective, Map<String, Tensor> given, Seed seed) {
    this.spec = spec;
    this.parameters = Parameters.of(objective.whole(), seed);
    Map<String, Tensor> first = new LinkedHashMap<>();
    given.forEach((name, tensor) -> first.put(Objective.PREFIX + name, tensor));
    parameters.startFrom(first);
    spec.freeze()
        .frozen(objective.network())
        .forEach(name -> parameters.freeze(Objective.PREFIX + name));
    requireSomethingToLearn();
    this.optimizer =
        new Optimizer(
            spec.optimizer().updateRule(),
            spec.optimizer()
                .groups(
                    parameters.learned(),
                    parameters.names(),
                    Parameters.ofSubjects(objective.whole())));
    this.averaged = spec.averageDecay() > 0 ? parameters.copy() : null;
  }

  private void requireSomethingToLearn() {
    if (parameters.learned().keySet().stream().noneMatch(n -> n.startsWith(Objective.PREFIX))) {
      throw new RecipeException(
          "training.freeze: all parameters of the network are left as they are. Expected some that"
              + " learn; a scope of 'shared' needs an architecture with parameters per subject.");
    }
  }

  Parameters parameters() {
    return parameters;
  }

  Optimizer optimizer() {
    return optimizer;
  }

  /** The averaged weights, where there are such. */
  Parameters evaluated() {
    return averaged == null ? parameters : averaged;
  }

  int step() {
    return step;
  }

  int chosenEpoch() {
    return chosenEpoch;
  }

  List<EpochRecord> history() {
    return List.copyOf(history);
  }

  List<Double> validationLosses() {
    return history.stream()
        .filter(epoch -> epoch.validation().isPresent())
        .map(epoch -> epoch.validation().getAsDouble())
        .toList();
  }

  /** The first weights are the best until an epoch is better. */
  void startsWith(double validation) {
    atStart = OptionalDouble.of(validation);
    best = evaluated().snapshot();
  }

  private double bestValidation() {
    return chosenEpoch == 0
        ? atStart.orElse(Double.POSITIVE_INFINITY)
        : history.get(chosenEpoch - 1).validation().orElse(Double.POSITIVE_INFINITY);
  }

  /** The name of weights of which one is not finite, if there are such. */
  Optional<String> notFinite() {
    return parameters.names().stream().filter(name -> !finite(parameters.get(name))).findFirst();
  }

  private static boolean finite(Value weights) {
    // 0 times infinity is not 0, whatever sums may come to.
    return Scope.get(() -> Scope.withoutGradients(() -> Ops.sum(Ops.multiply(weights, 0.0)).item()))
        == 0;
  }

  void addLoss(double value, Map<String, Double> terms) {
    lossSum += value;
    terms.forEach((name, term) -> termSums.merge(name, term, Double::sum));
    lossCount++;
  }

  void stepDone() {
    step++;
    if (averaged != null) {
      double decay = Math.min(spec.averageDecay(), (1.0 + step) / (EARLY + step));
      averaged.follow(parameters, 1 - decay);
    }
  }

  /** Closes an epoch of a training without validation rows. */
  EpochRecord endEpoch(double rate) {
    return endEpoch(rate, OptionalDouble.empty(), new Share.Best(0, Map.of(), true));
  }

  /** Closes an epoch; the weights are kept when they are approved of and the best so far. */
  EpochRecord endEpoch(double rate, Share.Best found) {
    return endEpoch(rate, OptionalDouble.of(found.validation()), found);
  }

  private EpochRecord endEpoch(double rate, OptionalDouble validation, Share.Best found) {
    int number = history.size() + 1;
    boolean better =
        validation.isEmpty()
            || (chosenEpoch == 0 && atStart.isEmpty())
            || (found.approved() && validation.getAsDouble() < bestValidation());
    termSums.replaceAll((name, sum) -> sum / lossCount);
    EpochRecord epoch =
        new EpochRecord(number, step, rate, lossSum / lossCount, validation, termSums);
    history.add(epoch);
    lossSum = 0;
    termSums.clear();
    lossCount = 0;
    if (better) {
      chosenEpoch = number;
      // Without validation the last epoch is chosen, and its weights are those at hand.
      best = validation.isEmpty() ? Map.of() : with(found.weights());
    }
    return epoch;
  }

  private Map<String, Tensor> with(Map<String, Tensor> shrunk) {
    Map<String, Tensor> all = evaluated().snapshot();
    all.putAll(shrunk);
    return all;
  }

  TrainedNetwork trained(Objective objective, OptionalInt threads) {
    Map<String, Tensor> all = best.isEmpty() ? evaluated().snapshot() : best;
    return new TrainedNetwork(
        objective.network(),
        beginning(all, Objective.PREFIX),
        history,
        chosenEpoch,
        new TrainedNetwork.TrainedLoss(objective.loss(), beginning(all, Objective.OF_LOSS)),
        threads);
  }

  private static Map<String, Tensor> beginning(Map<String, Tensor> all, String prefix) {
    Map<String, Tensor> own = new LinkedHashMap<>();
    all.forEach(
        (name, tensor) -> {
          if (name.startsWith(prefix)) {
            own.put(name.substring(prefix.length()), tensor);
          }
        });
    return own;
  }

  /** What is not a table of numbers. */
  record Counters(
      int step,
      double lossSum,
      Map<String, Double> termSums,
      int lossCount,
      int chosenEpoch,
      OptionalDouble atStart,
      List<EpochRecord> history) {}

  Counters counters() {
    return new Counters(
        step, lossSum, new LinkedHashMap<>(termSums), lossCount, chosenEpoch, atStart, history());
  }

  /** The tables by kind and name. */
  Map<String, Map<String, Tensor>> tables() {
    Map<String, Map<String, Tensor>> tables = new LinkedHashMap<>();
    tables.put("parameters", parameters.snapshot());
    tables.put("optimizer", optimizer.state());
    if (averaged != null) {
      tables.put("averaged", averaged.snapshot());
    }
    tables.put("best", best);
    return tables;
  }

  void restore(Counters counters, Map<String, Map<String, Tensor>> tables) {
    parameters.restore(tables.getOrDefault("parameters", Map.of()));
    optimizer.restore(tables.getOrDefault("optimizer", Map.of()));
    if (averaged != null) {
      averaged.restore(tables.getOrDefault("averaged", Map.of()));
    }
    best = Map.copyOf(tables.getOrDefault("best", Map.of()));
    step = counters.step();
    lossSum = counters.lossSum();
    termSums.clear();
    termSums.putAll(counters.termSums());
    lossCount = counters.lossCount();
    chosenEpoch = counters.chosenEpoch();
    atStart = counters.atStart();
    history.clear();
    history.addAll(counters.history());
  }

  void free() {
    parameters.free();
    optimizer.free();
    if (averaged != null) {
      averaged.free();
    }
  }
}
