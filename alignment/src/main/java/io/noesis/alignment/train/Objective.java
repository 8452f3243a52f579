package io.noesis.alignment.train;

import io.noesis.alignment.loss.Loss;
import io.noesis.alignment.loss.LossBatch;
import io.noesis.encoders.layer.Declaration;
import io.noesis.encoders.layer.Emission;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.layer.SubjectLinear;
import io.noesis.encoders.torch.Arithmetic;
import io.noesis.encoders.torch.Mode;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Precision;
import io.noesis.encoders.torch.Value;
import io.noesis.run.RecipeException;
import io.noesis.run.Suggest;
import io.noesis.tensor.Tensor;
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

  /** How the loss's own parameters begin. */
  static final String OF_LOSS = LOSS + ".";

  private final Layer network;
  private final Loss loss;
  private final Map<String, Double> weights;
  private final Arithmetic arithmetic;

  Objective(Layer network, Loss loss, Map<String, Double> weights, Arithmetic arithmetic) {
    this.arithmetic = arithmetic;
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

  /** What a batch comes to, with gradients where the pass has them. */
  Outcome of(Pass pass, Batch batch, double progress) {
    Value main = compare(pass, batch, outputs(pass, batch), progress);
    return new Outcome(withTerms(main, pass), new LinkedHashMap<>(pass.terms()));
  }

  /**
   * What a network gives.
   *
   * @param embedding its output
   * @param heads further ones by name
   */
  record Outputs(Value embedding, Map<String, Value> heads) {
    Outputs {
      heads = new LinkedHashMap<>(heads);
    }
  }

  /** The network alone; terms are then in the pass. */
  Outputs outputs(Pass pass, Batch batch) {
    Value embedding = in(pass.mode()).get(() -> forward(pass, batch)).to(Precision.FLOAT32);
    Map<String, Value> heads = new LinkedHashMap<>();
    pass.outputs().forEach((name, head) -> heads.put(name, head.to(Precision.FLOAT32)));
    return new Outputs(embedding, heads);
  }

  /** What is validated is what will be used, and that is float32. */
  private Arithmetic in(Mode mode) {
    return mode == Mode.TRAINING ? arithmetic : Arithmetic.FLOAT32;
  }

  private Value forward(Pass pass, Batch batch) {
    Pass offering =
        pass.with(SubjectLinear.SUBJECT, Value.of(batch.subjects(), batch.subjects().length))
            .with(Pass.TARGET, Value.of(batch.targets()));
    for (Map.Entry<String, Tensor> further : batch.further().entrySet()) {
      offering = offering.with(Pass.TARGET + "." + further.getKey(), Value.of(further.getValue()));
    }
    for (Map.Entry<String, Tensor> told : batch.told().entrySet()) {
      offering = offering.with(Pass.TOLD + told.getKey(), Value.of(told.getValue()));
    }
    return offering.inner(NETWORK, network, Value.of(batch.responses()));
  }

  /**
   * What validation rows say.
   *
   * @param loss what an epoch is chosen by
   * @param cosine between embedding and target, mean over rows; NaN where it was not asked for
   */
  record Judged(double loss, double cosine) {
    Judged plus(double terms) {
      return new Judged(loss + terms, cosine);
    }
  }

  /**
   * What an epoch is judged by, of a batch of validation rows. Losses of all epochs are compared:
   * one temperature, that of the end.
   */
  Judged validation(Pass pass, Batch batch, ValidationSpec.By by, boolean direction) {
    return judged(pass, batch, outputs(pass, batch), by, direction).plus(terms(pass));
  }

  /** The same of outputs, without what layers added. */
  Judged judged(Pass pass, Batch batch, Outputs outputs, ValidationSpec.By by, boolean direction) {
    LossBatch seen = seen(batch, outputs, 1);
    Pass own = pass.in(LOSS);
    Value value =
        by == ValidationSpec.By.LOSS ? loss.compute(own, seen) : loss.ofEmbedding(own, seen);
    return new Judged(value.item(), direction ? cosine(seen).item() : Double.NaN);
  }

  /** What layers added in a pass. */
  double terms(Pass pass) {
    return withTerms(Value.of(0), pass).item();
  }

  private static Value cosine(LossBatch seen) {
    Value found = Ops.normalize(LossBatch.flat(seen.predicted()), 1);
    Value target = Ops.normalize(LossBatch.flat(seen.target()), 1);
    return Ops.multiply(Ops.sum(Ops.multiply(found, target)), 1.0 / seen.rows());
  }

  /** The loss alone. */
  Value compare(Pass pass, Batch batch, Outputs outputs, double progress) {
    return loss.compute(pass.in(LOSS), seen(batch, outputs, progress));
  }

  private static LossBatch seen(Batch batch, Outputs outputs, double progress) {
    Map<String, Value> targets = new LinkedHashMap<>();
    batch.further().forEach((name, target) -> targets.put(name, Value.of(target)));
    return new LossBatch(
        outputs.embedding(),
        Value.of(batch.targets()),
        batch.facts(),
        new LossBatch.Further(outputs.heads(), targets),
        progress);
  }

  /** A loss and what layers added in the same pass. */
  Value withTerms(Value main, Pass pass) {
    if (pass.mode() == Mode.TRAINING) {
      requireKnown(pass.terms());
    }
    Value total = main;
    for (Map.Entry<String, Value> term : pass.terms().entrySet()) {
      double weight = weights.getOrDefault(term.getKey(), 1.0);
      if (weight != 0) {
        total = Ops.add(total, Ops.multiply(term.getValue().to(Precision.FLOAT32), weight));
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
