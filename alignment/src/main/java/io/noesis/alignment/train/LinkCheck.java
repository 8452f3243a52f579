package io.noesis.alignment.train;

import io.noesis.alignment.loss.LanguageModel;
import io.noesis.alignment.loss.Link;
import io.noesis.alignment.loss.Loss;
import io.noesis.alignment.loss.LossBatch;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Heads;
import io.noesis.encoders.layer.Layer;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Refuses a loss whose outputs and targets do not meet, before anything is trained. */
final class LinkCheck {
  private LinkCheck() {}

  /**
   * Checks names and sizes.
   *
   * @param network its further outputs are known without making it
   * @param loss what it is trained by
   * @param rows their targets
   * @throws RecipeException when the loss asks for a head or target that is not there, or holds two
   *     of different sizes against each other
   */
  static void require(Layer network, Loss loss, TrainingRows rows) {
    Map<String, List<Integer>> heads = Heads.of(network);
    Map<String, Tensor> targets = rows.shown().targets();
    for (Link link : loss.links()) {
      link.head().ifPresent(name -> LossBatch.requireKnown("head", name, heads.keySet()));
      link.target().ifPresent(name -> LossBatch.requireKnown("target", name, targets.keySet()));
      List<Integer> given =
          link.head()
              .map(name -> Objects.requireNonNull(heads.get(name)))
              .orElseGet(() -> sizes(rows.targets()));
      List<Integer> wanted =
          sizes(
              link.target()
                  .map(name -> Objects.requireNonNull(targets.get(name)))
                  .orElse(rows.targets()));
      if (link.sizes() == Link.Sizes.CLASSES && !ofClasses(given, wanted)) {
        throw new RecipeException(
            "training.loss: "
                + named("the head", link.head(), "the embedding")
                + " has logits of the sizes "
                + given
                + ", "
                + named("its target", link.target(), "the target of the embedding")
                + " has "
                + wanted
                + "; expected shares of as many classes, or numbers of classes "
                + given.subList(0, given.size() - 1)
                + ". Give the head as many classes as its target has (encoder.settings), or choose"
                + " another target (encoder.heads).");
      }
      if (link.sizes() == Link.Sizes.ALIKE
          && !given.equals(wanted)
          && !wanted.equals(List.of(product(given)))) {
        throw new RecipeException(
            "training.loss: "
                + named("the head", link.head(), "the embedding")
                + " has the sizes "
                + given
                + ", "
                + named("its target", link.target(), "the target of the embedding")
                + " has "
                + wanted
                + (link.head().isPresent()
                    ? ". Give the head the sizes of its target (encoder.settings), or choose another"
                        + " target (encoder.heads)."
                    : ". Whatever the embedding is held against has its sizes; choose another target"
                        + " (encoder.heads), or give this one a head (encoder.settings, and 'head'"
                        + " in the part of the loss)."));
      }
    }
  }

  /**
   * Refuses to mix targets that are numbers of classes or words: between two lies another one.
   *
   * @param network its further outputs are known without making it
   * @param loss what it is trained by
   * @param rows their targets
   * @throws RecipeException when a target that the loss asks for has one axis less than its output,
   *     or is told word by word
   */
  static void requireMixable(Layer network, Loss loss, TrainingRows rows) {
    List<Optional<String>> told = LanguageModel.targets(loss);
    if (!told.isEmpty()) {
      throw unmixable(told.get(0).orElse("of the embedding"), "words");
    }
    Map<String, List<Integer>> heads = Heads.of(network);
    for (Link link : loss.links()) {
      if (link.sizes() != Link.Sizes.ALIKE
          && link.head().isPresent()
          && link.target().isPresent()) {
        String target = link.target().get();
        List<Integer> logits = Objects.requireNonNull(heads.get(link.head().get()));
        List<Integer> numbers = sizes(Objects.requireNonNull(rows.shown().targets().get(target)));
        if (numbers.equals(logits.subList(0, logits.size() - 1))) {
          throw unmixable(target, "classes");
        }
      }
    }
  }

  private static boolean ofClasses(List<Integer> logits, List<Integer> target) {
    return target.equals(logits)
        || target.equals(logits.subList(0, logits.size() - 1))
        || (logits.size() == 1 && target.equals(List.of(1)));
  }

  private static RecipeException unmixable(String target, String what) {
    return new RecipeException(
        "training.batches.mixup: the target '"
            + target
            + "' has numbers of "
            + what
            + ", which cannot be mixed. Set mixup to 0.");
  }

  private static String named(String what, Optional<String> name, String without) {
    return name.map(known -> what + " '" + known + "'").orElse(without);
  }

  private static int product(List<Integer> sizes) {
    return sizes.stream().reduce(1, Math::multiplyExact);
  }

  private static List<Integer> sizes(Tensor rows) {
    return Arrays.stream(rows.shape().toArray()).skip(1).boxed().toList();
  }
}
