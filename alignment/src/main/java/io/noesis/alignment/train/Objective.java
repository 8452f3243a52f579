package io.noesis.alignment.train;

import io.noesis.alignment.loss.Loss;
import io.noesis.alignment.loss.LossBatch;
import io.noesis.encoders.layer.Declaration;
import io.noesis.encoders.layer.Emission;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.layer.SubjectLinear;
import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.RecipeException;
import io.noesis.run.Suggest;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What training makes small on a batch: the loss of the network's output, and what its layers add,
 * each by its weight.
 */
final class Objective {
  private static final String NETWORK = "network";
  private static final String LOSS = "loss";

  /** How the network's own parameters begin among all that are trained. */
  static final String PREFIX = NETWORK + ".";

  private final Layer network;
  private final Loss loss;
  private final Map<String, Double> weights;

  Objective(Layer network, Loss loss, Map<String, Double> weights) {
    this.network = network;
    this.loss = loss;
    this.weights = weights;
  }

  /**
   * What a batch came to.
   *
   * @param total what is made small
   * @param terms of it that layers added, before they were weighted
   */
  record Outcome(Value total, Map<String, Value> terms) {
    Map<String, Double> items() {
      Map<String, Double> items = new LinkedHashMap<>();
      terms.forEach((name, term) -> items.put(name, term.item()));
      return items;
    }
  }

  Layer network() {
    return network;
  }

  Loss loss() {
    return loss;
  }

  /** The network's and the loss's parameters under one roof. */
  Layer whole() {
    return new Whole(network, loss);
  }

  private record Whole(Layer network, Loss loss) implements Layer {
    @Override
    public void declare(Declaration parameters) {
      parameters.inner(NETWORK, network);
      loss.declare(parameters.in(LOSS));
    }

    @Override
    public Value forward(Pass pass, Value input) {
      return pass.inner(NETWORK, network, input);
    }

    @Override
    public String emit(Emission graph, String input) {
      return graph.inner(NETWORK, network, input);
    }

    @Override
    public String describe() {
      return network.describe();
    }
  }

  Outcome of(Pass pass, Batch batch, double progress) {
    Value subjects = Value.of(batch.subjects(), batch.subjects().length);
    Value predicted =
        pass.with(SubjectLinear.SUBJECT, subjects)
            .inner(NETWORK, network, Value.of(batch.responses()));
    LossBatch seen = new LossBatch(predicted, Value.of(batch.targets()), batch.mixed(), progress);
    Value main = loss.compute(pass.in(LOSS), seen);
    return new Outcome(withTerms(main, pass), new LinkedHashMap<>(pass.terms()));
  }

  private Value withTerms(Value main, Pass pass) {
    if (pass.mode() == Mode.TRAINING) {
      requireKnown(pass.terms());
    }
    Value total = main;
    for (Map.Entry<String, Value> term : pass.terms().entrySet()) {
      double weight = weights.getOrDefault(term.getKey(), 1.0);
      if (weight != 0) {
        total = Ops.add(total, Ops.multiply(term.getValue(), weight));
      }
    }
    return total;
  }

  private void requireKnown(Map<String, Value> terms) {
    for (String name : weights.keySet()) {
      if (!terms.containsKey(name)) {
        throw new RecipeException(
            "training.terms: no layer of the network adds '"
                + name
                + "' to the loss. "
                + (terms.isEmpty()
                    ? "It adds nothing; leave training.terms out."
                    : Suggest.sentence(name, terms.keySet())));
      }
    }
  }
}
