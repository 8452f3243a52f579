package io.noesis.alignment.train;

import io.noesis.alignment.loss.LossSpec;
import io.noesis.alignment.loss.OwnTerms;
import io.noesis.encoders.Pretraining;
import io.noesis.encoders.Shown;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Layer;
import io.noesis.run.Check;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Trains a network without targets, stage by stage. The validation part of each stage's settings is
 * kept aside to say how well it learned; it chooses nothing, the last epoch is taken.
 */
public final class Pretrainer {
  private final Pretraining plan;
  private final List<TrainingSpec> specs;

  /**
   * A pretrainer.
   *
   * @param plan what is trained
   * @param specs how, one for each stage in turn; the last one serves those that are left. Their
   *     loss is not looked at
   */
  public Pretrainer(Pretraining plan, List<TrainingSpec> specs) {
    Check.argument(
        !specs.isEmpty() && specs.size() <= plan.stages().size(),
        "pretraining: expected settings for 1 to %d stages, found %d",
        plan.stages().size(),
        specs.size());
    this.plan = plan;
    this.specs = List.copyOf(specs);
  }

  /**
   * What pretraining came to.
   *
   * @param weights of the last stage, by its own names
   * @param facts how well each stage did, for the report
   */
  public record Pretrained(Map<String, Tensor> weights, Map<String, String> facts) {}

  /** The circumstances of each stage: files of their own. */
  @FunctionalInterface
  public interface Circumstances {
    /**
     * Those of one stage.
     *
     * @param stage its name
     * @return files, progress and cancellation
     */
    TrainingRun of(String stage);
  }

  /**
   * Trains all stages.
   *
   * @param rows responses; their targets are not looked at
   * @param seed root of all randomness
   * @param run circumstances of each stage
   * @return the weights of the last one
   */
  public Pretrained run(TrainingRows rows, Seed seed, Circumstances run) {
    TrainingRows unlabelled =
        new TrainingRows(
            rows.responses(),
            Tensor.zeros(rows.groups().size(), 1),
            rows.groups(),
            rows.recorded(),
            Shown.of(rows.shown().stimuli()));
    Map<String, Tensor> weights = Map.of();
    Map<String, String> facts = new LinkedHashMap<>();
    for (int i = 0; i < plan.stages().size(); i++) {
      Pretraining.Stage stage = plan.stages().get(i);
      TrainingSpec spec = specs.get(Math.min(i, specs.size() - 1));
      Seed own = seed.child(stage.name());
      double aside = spec.validation().part();
      HeldOut parts = HeldOut.of(unlabelled, aside, own.child("aside"));
      TrainingRows learned = unlabelled.some(parts.training());
      Layer network = stage.network();
      TrainedNetwork trained =
          new Trainer(without(spec, stage), network)
              .startingFrom(Pretraining.renamed(stage.takes(), network, weights))
              .train(learned, own, run.of(stage.name()));
      weights = trained.weights();
      TrainingRows measured = aside > 0 ? unlabelled.some(parts.validation()) : learned;
      StageMeasure measure = StageMeasure.of(stage, weights, learned, measured, own);
      facts.put(
          "pretraining, " + stage.name(),
          inWords(measure)
              + (aside > 0 ? " on rows kept aside" : " on the rows it learned from")
              + " after "
              + trained.chosenEpoch()
              + " epochs");
    }
    return new Pretrained(weights, facts);
  }

  private static TrainingSpec without(TrainingSpec spec, Pretraining.Stage stage) {
    return spec.withValidation(new ValidationSpec(0, 0))
        .withLoss(LossSpec.of(OwnTerms.NAME, OwnTerms.defaults()))
        .withFreeze(new FreezeSpec(FreezeSpec.Scope.NOTHING, stage.frozen()));
  }

  private static String inWords(StageMeasure measure) {
    String terms =
        measure.terms().entrySet().stream()
            .map(term -> String.format(Locale.ROOT, "%s %.3f", term.getKey(), term.getValue()))
            .collect(Collectors.joining(", "));
    StringBuilder text = new StringBuilder(terms);
    measure
        .ofMean()
        .ifPresent(mean -> text.append(String.format(Locale.ROOT, " (their mean: %.3f)", mean)));
    measure
        .codes()
        .ifPresent(
            codes ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        ", %d codes used, perplexity %.1f",
                        codes.used(),
                        codes.perplexity())));
    return text.toString();
  }
}
