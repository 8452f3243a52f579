package io.noesis.alignment.train;

import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The gradient of a batch whose activations do not fit into memory (gradient caching, Gao et al.
 * 2021, arXiv:2101.06983). Chunks go through the network without memory of how; the loss of all of
 * them together gives the gradient of each output; then each chunk goes through once more, with the
 * same dropout, and carries that gradient back. The result is the whole batch's, except that batch
 * norms see a chunk at a time and terms of layers are averaged over the chunks by their rows. What
 * is validated goes through once, in chunks too.
 */
final class Chunks {
  private final Objective objective;
  private final Parameters parameters;
  private final Batch batch;
  private final List<Batch> parts = new ArrayList<>();
  private final Seed seed;

  Chunks(Objective objective, Parameters parameters, Batch batch, int rows, Seed seed) {
    this.objective = objective;
    this.parameters = parameters;
    this.batch = batch;
    this.seed = seed;
    int all = batch.responses().dim(0);
    for (int from = 0; from < all; from += rows) {
      parts.add(batch.part(from, Math.min(from + rows, all)));
    }
  }

  /** What the batch came to, as numbers. */
  record Sums(double total, Map<String, Double> terms) {}

  /**
   * Adds the gradients of the batch to those of the parameters.
   *
   * @param progress of the training
   * @param share times which the gradients are
   * @return the loss and its terms, without the share
   */
  Sums backward(double progress, double share) {
    Map<String, Tensor> statistics = parameters.statistics();
    List<Objective.Outputs> cached = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      cached.add(rehearse(i));
    }
    parameters.startFrom(statistics);
    Objective.Outputs leaves = together(cached);
    double[] total = {
      Scope.get(
          () -> {
            Value main = objective.compare(pass(parts.size()), batch, leaves, progress);
            Ops.multiply(main, share).backward();
            return main.item();
          })
    };
    Map<String, Double> terms = new LinkedHashMap<>();
    int from = 0;
    for (int i = 0; i < parts.size(); i++) {
      total[0] += carryBack(i, leaves, from, share, terms);
      from += parts.get(i).responses().dim(0);
    }
    cached.forEach(Chunks::free);
    free(leaves);
    return new Sums(total[0], terms);
  }

  /**
   * What an epoch is chosen by, of a batch of validation rows.
   *
   * @param by what of the loss counts
   */
  double validation(ValidationSpec.By by) {
    List<Objective.Outputs> cached = new ArrayList<>();
    double terms = 0;
    for (Batch part : parts) {
      Pass pass = Pass.evaluation(parameters);
      double[] own = {0};
      cached.add(
          Scope.get(
              () ->
                  Scope.withoutGradients(
                      () -> {
                        Objective.Outputs outputs = kept(objective.outputs(pass, part));
                        own[0] = objective.withTerms(Value.of(0), pass).item();
                        return outputs;
                      })));
      terms += own[0] * part.responses().dim(0) / batch.responses().dim(0);
    }
    double main =
        Scope.get(
            () ->
                Scope.withoutGradients(
                    () ->
                        objective
                            .chosenBy(Pass.evaluation(parameters), batch, joined(cached), by)
                            .item()));
    cached.forEach(Chunks::free);
    return main + terms;
  }

  private Pass pass(int chunk) {
    return Pass.training(parameters, TorchRandom.of(seed.child("chunk " + chunk)));
  }

  private Objective.Outputs rehearse(int chunk) {
    return Scope.get(
        () -> Scope.withoutGradients(() -> kept(objective.outputs(pass(chunk), parts.get(chunk)))));
  }

  private static Objective.Outputs together(List<Objective.Outputs> cached) {
    return Scope.get(
        () -> {
          Objective.Outputs leaves = joined(cached);
          leaves.embedding().requireGradient();
          leaves.heads().values().forEach(Value::requireGradient);
          return kept(leaves);
        });
  }

  private static Objective.Outputs joined(List<Objective.Outputs> cached) {
    Map<String, Value> heads = new LinkedHashMap<>();
    for (String name : cached.get(0).heads().keySet()) {
      heads.put(name, joined(cached.stream().map(outputs -> outputs.heads().get(name))));
    }
    return new Objective.Outputs(joined(cached.stream().map(Objective.Outputs::embedding)), heads);
  }

  private static Value joined(Stream<Value> parts) {
    return Ops.concatenate(0, parts.toArray(Value[]::new));
  }

  /** Gives what the terms of a chunk add to the total. */
  private double carryBack(
      int chunk, Objective.Outputs leaves, int from, double share, Map<String, Double> terms) {
    return Scope.get(
        () -> {
          Pass pass = pass(chunk);
          Objective.Outputs outputs = objective.outputs(pass, parts.get(chunk));
          double part = parts.get(chunk).responses().dim(0) / (double) batch.responses().dim(0);
          Value own = objective.withTerms(Value.of(0), pass);
          Value carried = Ops.multiply(own, share * part);
          carried = carry(carried, outputs.embedding(), leaves.embedding(), from);
          for (Map.Entry<String, Value> head : outputs.heads().entrySet()) {
            Value leaf = java.util.Objects.requireNonNull(leaves.heads().get(head.getKey()));
            carried = carry(carried, head.getValue(), leaf, from);
          }
          carried.backward();
          pass.terms().forEach((name, term) -> terms.merge(name, part * term.item(), Double::sum));
          return own.item() * part;
        });
  }

  private static Value carry(Value sum, Value output, Value leaf, int from) {
    Value gradient = leaf.gradient();
    if (gradient == null || !output.wantsGradient()) {
      return sum;
    }
    Value own = Ops.narrow(gradient, 0, from, output.dim(0));
    return Ops.add(sum, Ops.sum(Ops.multiply(output, own)));
  }

  private static Objective.Outputs kept(Objective.Outputs outputs) {
    outputs.embedding().keep();
    outputs.heads().values().forEach(Value::keep);
    return outputs;
  }

  private static void free(Objective.Outputs outputs) {
    outputs.embedding().free();
    outputs.heads().values().forEach(Value::free);
  }
}
