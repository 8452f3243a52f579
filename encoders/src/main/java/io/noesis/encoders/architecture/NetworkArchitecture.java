package io.noesis.encoders.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.encoders.Architecture;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.Pretraining;
import io.noesis.encoders.Shown;
import io.noesis.encoders.TrainedWeights;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Layer;
import io.noesis.run.Check;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * An architecture that is a network trained by gradients.
 *
 * @param name in the registry
 * @param spec the record of its settings
 * @param sample a small one, of odd sizes, for the checks that every architecture must pass
 * @param <S> the settings
 */
record NetworkArchitecture<S extends Record & NetworkSpec>(
    String name, Class<S> spec, Sample<S> sample) implements Architecture {
  /** Small settings and sizes. */
  record Sample<S>(S settings, NetworkSizes sizes) {}

  @Override
  public Class<? extends Record> settings() {
    return spec;
  }

  @Override
  public boolean trainedByGradients() {
    return true;
  }

  @Override
  public BrainEncoder fit(TrainingRows rows, JsonNode settings, Fitting fitting) {
    S chosen = bound(settings);
    NetworkSizes sizes = chosen.needed(NetworkSizes.of(rows));
    requireInputs(chosen.inputs(), sizes.inputs().keySet());
    Layer network = built(chosen, sizes);
    NetworkShape shape = new NetworkShape(name, RecordBinder.tree(chosen), sizes, fitting.start());
    if (fitting.start() == Fitting.Start.RIDGE) {
      requireOnRidge(settings);
      return onRidge(network, shape, rows, fitting);
    }
    NetworkSpec.Prepared prepared =
        chosen.prepared(rows, fitting.trainer().given(), fitting.seed().child("prepared"));
    Shown shown = rows.shown();
    for (Map.Entry<String, Tensor> target : prepared.targets().entrySet()) {
      shown = shown.with(target.getKey(), target.getValue());
    }
    TrainedWeights trained =
        fitting
            .trainer()
            .from(prepared.weights())
            .noting(prepared.facts())
            .train(network, rows.showing(shown), fitting.seed());
    return new NetworkEncoder(shape, network, trained.weights(), trained.facts());
  }

  /** Refuses settings of a network to whose embedding ridge cannot be added. */
  void requireOnRidge(JsonNode settings) {
    if (!bound(settings).targets().isEmpty()) {
      throw new RecipeException(
          "encoder.start: what "
              + name
              + " decodes is a mean of codes, to which ridge cannot be added. Set it to random.");
    }
  }

  private void requireInputs(Set<String> asked, Set<String> told) {
    if (!asked.equals(told)) {
      throw new RecipeException(
          "encoder.inputs: "
              + name
              + " must be told "
              + (asked.isEmpty() ? "nothing" : String.join(", ", asked))
              + " of the stimuli, found "
              + (told.isEmpty() ? "nothing" : String.join(", ", told))
              + (asked.isEmpty() ? ". Leave them out." : ". Name these, and no others."));
    }
  }

  private static BrainEncoder onRidge(
      Layer network, NetworkShape shape, TrainingRows rows, Fitting fitting) {
    RidgeStart start = RidgeStart.of(rows, fitting.stimuli(), fitting.others());
    TrainedWeights trained =
        fitting
            .trainer()
            .refine(
                RidgeStart.training(network), RidgeStart.first(), start.rows(rows), fitting.seed());
    Map<String, String> facts = new LinkedHashMap<>(start.facts());
    facts.put("share of the network", RidgeStart.share(trained.weights()));
    facts.putAll(trained.facts());
    return new NetworkEncoder(shape, shape.decoding(network), start.with(trained.weights()), facts);
  }

  /** Its settings. */
  S bound(JsonNode settings) {
    return RecordBinder.bind(settings, spec, "encoder.settings");
  }

  /** The network of those settings and sizes. */
  Layer build(JsonNode settings, NetworkSizes sizes) {
    return built(bound(settings), sizes);
  }

  private static Layer built(NetworkSpec chosen, NetworkSizes sizes) {
    return made(() -> chosen.network(sizes));
  }

  /** What cannot be made of settings and sizes is the recipe's fault. */
  private static <T> T made(Supplier<T> making) {
    try {
      return making.get();
    } catch (IllegalArgumentException e) {
      throw new RecipeException("making the network: " + e.getMessage(), e);
    }
  }

  /** Whether the network looks at where voxels lie, and they lie elsewhere in each subject. */
  boolean goesByVoxels(JsonNode settings, NetworkSizes sizes) {
    S chosen = bound(settings);
    return sizes.response().size() == 1 && chosen.needed(sizes).positionsDiffer();
  }

  /** What the network of those settings and sizes can learn without targets. */
  Optional<Pretraining> pretraining(JsonNode settings, NetworkSizes sizes) {
    S chosen = bound(settings);
    return made(() -> chosen.pretraining(chosen.needed(sizes)));
  }

  /**
   * The encoder that given weights make; they must be those that the network declares.
   *
   * @param stage of pretraining, whose network it is; empty for the one that decodes
   */
  BrainEncoder encoder(JsonNode settings, NetworkSizes sizes, String stage, WeightSource weights) {
    S chosen = bound(settings);
    NetworkShape shape =
        new NetworkShape(name, RecordBinder.tree(chosen), sizes, Fitting.Start.RANDOM, stage);
    Layer network = network(chosen, shape);
    return new NetworkEncoder(shape, network, weights.of(network), Map.of());
  }

  private Layer network(S chosen, NetworkShape shape) {
    if (shape.stage().isEmpty()) {
      return chosen.network(shape.sizes());
    }
    Pretraining.Stage stage =
        chosen
            .pretraining(shape.sizes())
            .orElseThrow(
                () -> new IllegalArgumentException(name + " learns nothing without targets"))
            .stage(shape.stage());
    Check.argument(
        stage.output().equals(shape.sizes().target()),
        "%s: its pretraining '%s' makes %s of a response; give that as target, found %s",
        name,
        stage.name(),
        stage.output(),
        shape.sizes().target());
    return stage.network();
  }

  /** Where a network's weights come from. */
  @FunctionalInterface
  interface WeightSource {
    Map<String, Tensor> of(Layer network);
  }

  @Override
  public BrainEncoder load(Path file) {
    return NetworkFile.read(
        file,
        name,
        shape ->
            shape.decoding(
                network(RecordBinder.bind(shape.settings(), spec, file + ": settings"), shape)));
  }
}
