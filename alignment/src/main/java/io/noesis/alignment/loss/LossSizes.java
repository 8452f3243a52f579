package io.noesis.alignment.loss;

import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Heads;
import io.noesis.encoders.layer.Layer;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a loss will hold against each other: axes without the batch.
 *
 * @param output of the embedding, or of the head in question
 * @param target its target
 * @param heads other outputs by name
 * @param targets other targets by name
 */
public record LossSizes(
    List<Integer> output,
    List<Integer> target,
    Map<String, List<Integer>> heads,
    Map<String, List<Integer>> targets) {
  /** Copies. */
  public LossSizes {
    output = List.copyOf(output);
    target = List.copyOf(target);
    heads = Map.copyOf(heads);
    targets = Map.copyOf(targets);
  }

  /**
   * The sizes of a training.
   *
   * @param network what is trained; its embedding has the sizes of its target
   * @param rows with their targets
   */
  public static LossSizes of(Layer network, TrainingRows rows) {
    Map<String, List<Integer>> targets = new LinkedHashMap<>();
    rows.shown().targets().forEach((name, target) -> targets.put(name, sizes(target)));
    List<Integer> own = sizes(rows.targets());
    return new LossSizes(own, own, Heads.of(network), targets);
  }

  private static List<Integer> sizes(Tensor rows) {
    return Arrays.stream(rows.shape().toArray()).skip(1).boxed().toList();
  }

  /** What a loss of other outputs will hold against each other. */
  LossSizes between(Optional<String> head, Optional<String> goal) {
    head.ifPresent(name -> LossBatch.requireKnown("head", name, heads.keySet()));
    goal.ifPresent(name -> LossBatch.requireKnown("target", name, targets.keySet()));
    List<Integer> given = head.map(name -> Objects.requireNonNull(heads.get(name))).orElse(output);
    List<Integer> wanted =
        goal.map(name -> Objects.requireNonNull(targets.get(name))).orElse(target);
    boolean vector = wanted.equals(List.of(product(given)));
    return new LossSizes(given, vector ? given : wanted, heads, targets);
  }

  /** The sizes of one token, where there are several. */
  LossSizes ofToken() {
    if (output.size() != 2) {
      throw new RecipeException(
          "training.loss: a part looks at one token, and the output has the sizes "
              + output
              + ". Name an output of tokens as 'head', or leave 'token' out.");
    }
    List<Integer> one = output.subList(1, 2);
    return new LossSizes(one, target.size() == 2 ? target.subList(1, 2) : target, heads, targets);
  }

  private static int product(List<Integer> sizes) {
    return sizes.stream().reduce(1, Math::multiplyExact);
  }
}
