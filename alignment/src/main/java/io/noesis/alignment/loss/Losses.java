package io.noesis.alignment.loss;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.run.RecordBinder;
import io.noesis.run.Registry;
import io.noesis.run.Registry.Entry;
import java.util.List;

/** The losses that a recipe can name. */
public final class Losses {
  static final String SUM = "sum";

  private static final Registry<Kind<?>> REGISTRY =
      Registry.of(
          "loss",
          List.of(
              entry("mse", MeanSquared.class, "Mean squared error."),
              entry("l1", MeanAbsolute.class, "Mean absolute error."),
              entry("cosine", Cosine.class, "1 minus the cosine of prediction and target."),
              entry(
                  "info-nce",
                  InfoNce.class,
                  "Tell the own target among those of the batch (contrastive, as in CLIP)."),
              entry(
                  "soft-clip",
                  SoftClip.class,
                  "As info-nce, with the likeness of targets as labels."),
              entry(
                  "soft-cont",
                  SoftCont.class,
                  "As soft-clip, with the likeness of targets to altered ones as labels."),
              entry("bimixco", BiMixCo.class, "As info-nce, on rows mixed with others."),
              entry(
                  "mix-then-soft",
                  MixThenSoft.class,
                  "bimixco for a third of the training, then soft-clip: MindEye's."),
              entry(
                  "cross-entropy",
                  CrossEntropy.class,
                  "Tell the class, code or token; labels may be smoothed."),
              entry(
                  PriorLoss.NAME,
                  PriorLoss.class,
                  "The error of a diffusion prior that is trained together with the network."),
              entry(
                  Projected.NAME,
                  Projected.class,
                  "As info-nce, against the target behind layers that learn with the network."),
              entry(
                  LanguageModel.NAME,
                  LanguageModel.class,
                  "Tell each word from those before it by a frozen text decoder that reads the"
                      + " output."),
              entry(
                  OwnTerms.NAME,
                  OwnTerms.class,
                  "What layers of the network add, without looking at targets: pretraining."),
              entry(
                  SUM,
                  WeightedSum.class,
                  "Several losses with weights, each of a head, a target and a part of the"
                      + " training.")));

  private Losses() {}

  /**
   * One kind of loss.
   *
   * @param settings the record that is the loss
   * @param <L> that record
   */
  public record Kind<L extends Record & Loss>(Class<L> settings) {
    /**
     * A loss of this kind.
     *
     * @param tree its settings; missing ones take the defaults
     * @param where the key path, for messages
     * @return the loss
     * @throws io.noesis.run.RecipeException when the settings do not bind
     */
    public Loss make(JsonNode tree, String where) {
      return RecordBinder.bind(tree, settings, where);
    }
  }

  private static <L extends Record & Loss> Entry<Kind<?>> entry(
      String name, Class<L> settings, String description) {
    return new Entry<>(name, new Kind<>(settings), description);
  }

  /** The list. */
  public static Registry<Kind<?>> registry() {
    return REGISTRY;
  }
}
