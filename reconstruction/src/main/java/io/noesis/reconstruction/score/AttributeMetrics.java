package io.noesis.reconstruction.score;

import io.noesis.alignment.score.Score;
import io.noesis.ingest.simulate.stimulus.CaptionWords;
import io.noesis.run.Registry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

/**
 * Whether what was made shows the attributes of a drawn scene as they were: exact accuracy of each
 * and of all together. Chance is how often those of another shown stimulus would have been right.
 */
final class AttributeMetrics {
  private static final String ALL = "all";

  private AttributeMetrics() {}

  /**
   * One metric per attribute, and one of all.
   *
   * @param prefix of their names
   * @param thing what was made, for descriptions
   * @param read the attributes of each: of what was shown the true ones, of what was made those
   *     that it shows; an attribute that is not there is wrong
   * @param <T> {@link PictureSet} or {@link CaptionSet}
   */
  static <T> List<Registry.Entry<OutputMetric<T>>> list(
      String prefix, String thing, Function<T, List<Map<String, String>>> read) {
    List<Registry.Entry<OutputMetric<T>>> list = new ArrayList<>();
    for (String attribute : CaptionWords.ATTRIBUTES) {
      list.add(
          entry(
              prefix + "." + attribute,
              List.of(attribute),
              read,
              "Share of drawn scenes whose " + attribute + " the made " + thing + " shows."));
    }
    list.add(
        entry(
            prefix + "." + ALL,
            CaptionWords.ATTRIBUTES,
            read,
            "Share of drawn scenes of which the made " + thing + " shows all six attributes."));
    return list;
  }

  private static <T> Registry.Entry<OutputMetric<T>> entry(
      String name,
      List<String> attributes,
      Function<T, List<Map<String, String>>> read,
      String description) {
    return new Registry.Entry<>(
        name,
        new OutputMetric<>(
            Score.Direction.HIGHER,
            (made, shown) -> undefined(read.apply(made), read.apply(shown), attributes),
            (made, shown) -> statistic(read.apply(made), read.apply(shown), attributes)),
        description);
  }

  private static Optional<String> undefined(
      List<Map<String, String>> made, List<Map<String, String>> shown, List<String> attributes) {
    Set<List<String>> values = new HashSet<>();
    for (Map<String, String> one : shown) {
      // Whole scenes only: a caption of another kind may name a colour by chance.
      if (!one.keySet().containsAll(CaptionWords.ATTRIBUTES)) {
        return Optional.of("it needs captions in the words of simulated studies");
      }
      values.add(attributes.stream().map(a -> one.getOrDefault(a, "")).toList());
    }
    if (made.isEmpty()) {
      return Optional.of("nothing here reads attributes of pictures");
    }
    return values.size() < 2
        ? Optional.of("it needs two different values among what was shown")
        : Optional.empty();
  }

  private static PairStatistic statistic(
      List<Map<String, String>> made, List<Map<String, String>> shown, List<String> attributes) {
    double other = 0;
    for (Map<String, String> one : made) {
      for (Map<String, String> truth : shown) {
        other += right(one, truth, attributes);
      }
    }
    return new PairTable(
        made.size(),
        (i, j) -> right(made.get(i), shown.get(j), attributes),
        PairTable.Summary.MEAN,
        OptionalDouble.of(other / ((double) made.size() * shown.size())));
  }

  private static double right(
      Map<String, String> made, Map<String, String> truth, List<String> attributes) {
    return attributes.stream().allMatch(a -> truth.getOrDefault(a, "").equals(made.get(a))) ? 1 : 0;
  }
}
