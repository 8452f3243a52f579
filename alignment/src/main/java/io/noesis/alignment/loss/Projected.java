package io.noesis.alignment.loss;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.noesis.encoders.layer.Attention;
import io.noesis.encoders.layer.Declaration;
import io.noesis.encoders.layer.Flatten;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.layer.QueryPooling;
import io.noesis.encoders.layer.Reshape;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * InfoNCE against the target behind layers that learn with the network: both sides come to a space
 * that is nobody's yet, as in the aligner of GLIM (arXiv:2505.17099), where one learned query reads
 * a text's tokens. Only a loss that tells rows apart can have it: by others the layers would learn
 * to make all targets alike. The layers are the loss's own and are kept beside the decoder.
 *
 * @param by what the target goes through
 * @param tokens into how many tokens of equal width a target falls, for queries
 * @param heads of the query's attention
 * @param contrast settings of {@code info-nce}; missing ones take its defaults
 */
public record Projected(By by, int tokens, int heads, JsonNode contrast) implements Loss {
  /** Its name in {@link Losses}. */
  static final String NAME = "projected";

  private static final String LAYERS = "target";

  /** What a target goes through. */
  public enum By {
    /** A linear map of all its numbers. */
    LINEAR,
    /** One learned query that cross-attends its tokens. */
    QUERY
  }

  /** Checks the settings. */
  public Projected {
    Check.argument(
        tokens >= 1 && heads >= 1,
        "a projected target: expected tokens and heads of at least 1, found %d and %d",
        tokens,
        heads);
    Check.argument(
        by == By.QUERY || (tokens == 1 && heads == 1),
        "a projected target: tokens and heads belong to by: query; leave them out");
    contrast(contrast);
  }

  /** One linear map, and InfoNCE with its own defaults. */
  public static Projected defaults() {
    return new Projected(By.LINEAR, 1, 1, JsonNodeFactory.instance.objectNode());
  }

  private static InfoNce contrast(JsonNode settings) {
    return RecordBinder.bind(settings, InfoNce.class, "training.loss.settings.contrast");
  }

  @Override
  public Loss of(LossSizes sizes) {
    int in = sizes.target().stream().reduce(1, Math::multiplyExact);
    int out = sizes.output().stream().reduce(1, Math::multiplyExact);
    return new Sized(contrast(contrast), layers(in, out), in, out);
  }

  private Layer layers(int in, int out) {
    Sequence.Builder layers = Sequence.builder();
    if (by == By.LINEAR) {
      return layers.add("flat", new Flatten()).add("out", Linear.of(in, out)).build();
    }
    if (in % tokens != 0 || in / tokens % heads != 0) {
      throw new RecipeException(
          "training.loss: a projected target of "
              + in
              + " numbers does not fall into "
              + tokens
              + " tokens whose width splits into "
              + heads
              + " heads. Set tokens and heads in the settings of the loss to what the target has.");
    }
    int width = in / tokens;
    layers
        .add("tokens", new Reshape(List.of(tokens, width)))
        .add(
            "query",
            new QueryPooling(
                QueryPooling.Queries.unit(1, width), Attention.cross(width, width, heads)))
        .add("flat", new Flatten());
    return (width == out ? layers : layers.add("out", Linear.of(width, out))).build();
  }

  @Override
  public Value compute(Pass pass, LossBatch batch) {
    throw new IllegalStateException("a projected target: the loss was not told its sizes");
  }

  @Override
  public List<Link> links() {
    return List.of(new Link(Optional.empty(), Optional.empty(), Link.Sizes.ANY));
  }

  @Override
  public String describe() {
    return contrast(contrast).describe()
        + (by == By.QUERY ? ", against what a query reads in" : ", against a linear map of");
  }

  /**
   * The loss of outputs and targets of known sizes.
   *
   * @param contrast what is computed of the two sides
   * @param layers that targets go through
   * @param in numbers of a target
   * @param out numbers of an output, and of a target behind the layers
   */
  public record Sized(InfoNce contrast, Layer layers, int in, int out) implements Loss {
    /** How the names of the layers' weights begin among those of the loss. */
    public static final String WEIGHTS = LAYERS + ".";

    @Override
    public void declare(Declaration parameters) {
      parameters.inner(LAYERS, layers);
      contrast.declare(parameters);
    }

    @Override
    public Value compute(Pass pass, LossBatch batch) {
      Value target = pass.inner(LAYERS, layers, LossBatch.flat(batch.target()));
      return contrast.compute(
          pass,
          new LossBatch(
              LossBatch.flat(batch.predicted()),
              target,
              batch.facts(),
              batch.further(),
              batch.progress()));
    }

    @Override
    public List<Link> links() {
      return List.of(new Link(Optional.empty(), Optional.empty(), Link.Sizes.ANY));
    }

    @Override
    public String describe() {
      return contrast.describe() + ", against " + layers.describe() + " of";
    }
  }

  /**
   * The further targets that a loss projects.
   *
   * @param loss of a training
   * @return the head by the name of the target, empty for the embedding
   */
  public static Map<String, Optional<String>> targets(Loss loss) {
    Map<String, Optional<String>> targets = new java.util.LinkedHashMap<>();
    WeightedSum.all(loss, Projected.class)
        .forEach(found -> found.target().ifPresent(name -> targets.put(name, found.head())));
    return targets;
  }

  /** Those of a loss that knows its sizes, with the names of their weights. */
  public static List<PriorLoss.Found<Sized>> sizedIn(Loss loss) {
    return WeightedSum.all(loss, Sized.class);
  }
}
