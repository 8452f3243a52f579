package io.noesis.alignment.triple;

import com.fasterxml.jackson.databind.JsonNode;
import io.noesis.run.RecordBinder;
import io.noesis.run.Registry;
import java.util.List;

/** The priors of triples that a recipe can name. */
public final class TriplePriors {
  private static final Registry<Kind<?>> REGISTRY =
      Registry.of(
          "prior of triples",
          List.of(
              entry(
                  "counts",
                  CountPrior.class,
                  "How often training stimuli show the triple, smoothed towards independent slots."),
              entry(
                  "distmult",
                  DistMultPrior.class,
                  "Vectors of concepts whose product gives a triple's share: DistMult.")));

  private TriplePriors() {}

  /**
   * One kind.
   *
   * @param settings the record that is the prior
   * @param <P> the prior
   */
  public record Kind<P extends Record & TriplePrior>(Class<P> settings) {
    /** A prior with those settings; missing ones take its defaults. */
    public TriplePrior make(JsonNode tree, String path) {
      return RecordBinder.bind(tree, settings, path);
    }
  }

  private static <P extends Record & TriplePrior> Registry.Entry<Kind<?>> entry(
      String name, Class<P> settings, String words) {
    return new Registry.Entry<>(name, new Kind<>(settings), words);
  }

  /** All kinds by name. */
  public static Registry<Kind<?>> registry() {
    return REGISTRY;
  }
}
