package io.noesis.encoders;

import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Parameters;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a network can learn from responses alone, before it is told what was shown: stages that are
 * trained one after the other by what their layers add to the loss, and which of the last one's
 * weights the network starts from.
 *
 * @param stages at least one
 * @param start how names of the network begin → how names of the last stage begin
 */
public record Pretraining(List<Stage> stages, Map<String, String> start) {
  /**
   * One training without targets.
   *
   * @param name for facts and files
   * @param network whose layers add to the loss
   * @param output axes of what its network makes of a response
   * @param takes how names of its network begin → how names of the stage before begin
   * @param frozen how names of parameters begin that do not learn
   * @param numbers how many numbers of a response one row of it predicts, zeros that fill patches
   *     up included; 0 where it predicts something else
   */
  public record Stage(
      String name,
      Layer network,
      List<Integer> output,
      Map<String, String> takes,
      List<String> frozen,
      int numbers) {
    /** Copies. */
    public Stage {
      output = List.copyOf(output);
      takes = Collections.unmodifiableMap(new LinkedHashMap<>(takes));
      frozen = List.copyOf(frozen);
    }
  }

  /** Copies, and checks that there is a stage. */
  public Pretraining {
    stages = List.copyOf(stages);
    start = Collections.unmodifiableMap(new LinkedHashMap<>(start));
    Check.argument(!stages.isEmpty(), "pretraining: expected at least one stage");
  }

  /**
   * One of the stages.
   *
   * @param name its name
   * @throws IllegalArgumentException when there is none of that name
   */
  public Stage stage(String name) {
    return stages.stream()
        .filter(stage -> stage.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "pretraining: expected one of the stages "
                        + stages.stream().map(Stage::name).toList()
                        + ", found '"
                        + name
                        + "'"));
  }

  /**
   * Weights under the names of another network.
   *
   * @param prefixes how its names begin → how names in the weights begin
   * @param network which takes them over
   * @param weights by name
   * @return those of its parameters that are among the weights
   */
  public static Map<String, Tensor> renamed(
      Map<String, String> prefixes, Layer network, Map<String, Tensor> weights) {
    Map<String, Tensor> taken = new LinkedHashMap<>();
    for (String name : Parameters.shapes(network).keySet()) {
      prefixes.forEach(
          (own, other) -> {
            Tensor given =
                name.startsWith(own) ? weights.get(other + name.substring(own.length())) : null;
            if (given != null) {
              taken.put(name, given);
            }
          });
    }
    return taken;
  }
}
