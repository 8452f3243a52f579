package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.AdaLnZero;
import io.noesis.encoders.layer.Attention;
import io.noesis.encoders.layer.Conditioned;
import io.noesis.encoders.layer.FeedForward;
import io.noesis.encoders.layer.Flatten;
import io.noesis.encoders.layer.GeluByTanh;
import io.noesis.encoders.layer.Heads;
import io.noesis.encoders.layer.Identity;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LayerNorm;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.NormedResidual;
import io.noesis.encoders.layer.PromptDropout;
import io.noesis.encoders.layer.QueryPooling;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.Sight;
import io.noesis.encoders.layer.SinusoidalPositions;
import io.noesis.encoders.layer.SubjectLinear;
import io.noesis.encoders.layer.SwapAxes;
import io.noesis.encoders.layer.TransformerBlock;
import io.noesis.run.Check;
import java.util.List;

/**
 * The encoder and aligner of GLIM (Liu et al. 2025, arXiv:2505.17099), EEG to text: every sample is
 * a token, blocks steered by a prompt relate them, learned queries that see earlier ones gather
 * them into the tokens that a language model would read (the output {@value #TOKENS}), and one more
 * query makes the embedding of those. Where the target has several tokens, they are the embedding
 * themselves. Published prompts are task, study and subject; here the subject alone, since a task
 * that is told at test time tells the answer. {@code [trials, channels, samples]} → {@code [trials,
 * dim]} or {@code [trials, queries, dim]}.
 *
 * @param width of a sample's token
 * @param depth how many steered blocks
 * @param heads of all attention
 * @param gathering the queries
 * @param unknown fraction of training rows whose subject is hidden; at 1 it is never told
 */
public record Glim(int width, int depth, int heads, Gathering gathering, double unknown)
    implements NetworkSpec {
  static final String NAME = "glim";

  /** Name of the further output. */
  static final String TOKENS = "tokens";

  /**
   * How samples are gathered.
   *
   * @param queries how many tokens come out
   * @param width of a query
   * @param depth how many blocks
   */
  public record Gathering(int queries, int width, int depth) {}

  /** Checks the sizes. */
  public Glim {
    Check.argument(
        width > 0
            && depth > 0
            && heads > 0
            && gathering.queries() > 0
            && gathering.depth() > 0
            && width % heads == 0
            && gathering.width() % heads == 0,
        "%s: expected depths and queries of at least 1 and widths that split into the heads, found"
            + " width %d and %s in %d heads",
        NAME,
        width,
        gathering,
        heads);
    Check.argument(
        unknown >= 0 && unknown <= 1, "%s: expected unknown from 0 to 1, found %s", NAME, unknown);
  }

  /** As published: 6 blocks of 128 with 8 heads, 96 queries of 256 in 6 blocks, subject unknown. */
  public static Glim defaults() {
    return new Glim(128, 6, 8, new Gathering(96, 256, 6), 1);
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    int channels = sizes.channels(NAME);
    int samples = sizes.response().get(1);
    int dim = sizes.target().get(sizes.target().size() - 1);
    Sequence.Builder network =
        Sequence.builder()
            .add("samples", new SwapAxes())
            .add("into", Linear.of(channels, width))
            .add("positions", SinusoidalPositions.of(samples, width))
            .add("encoder", new PromptDropout(unknown, steered(sizes.subjects().size())))
            .add("wider", Linear.of(width, gathering.width()))
            .add("gathering", new QueryPooling(gathering.queries(), gathering.width(), decoder()))
            .add("norm", LayerNorm.of(gathering.width()))
            .add("text", Linear.of(gathering.width(), dim));
    if (sizes.target().size() == 1) {
      network.add(
          "heads",
          new Heads(
              aligner(dim),
              List.of(new Heads.Head(TOKENS, new Identity(), List.of(gathering.queries(), dim)))));
    } else {
      Check.argument(
          sizes.target().size() == 2 && sizes.target().get(0) == gathering.queries(),
          "%s: targets are %s; expected a vector, or as many tokens as gathering.queries (%d)",
          NAME,
          sizes.target(),
          gathering.queries());
    }
    return network.build();
  }

  private Layer steered(int subjects) {
    Sequence.Builder blocks = Sequence.builder();
    for (int i = 0; i < depth; i++) {
      blocks
          .add(
              "blocks." + i + ".attention",
              new AdaLnZero(Attention.self(width, heads), width, width))
          .add(
              "blocks." + i + ".mlp",
              new AdaLnZero(new FeedForward(width, 4 * width, new GeluByTanh(), 0), width, width));
    }
    return new Conditioned(
        List.of(new Conditioned.Prompt(SubjectLinear.SUBJECT, subjects)), width, blocks.build());
  }

  private Layer decoder() {
    int inner = gathering.width();
    Attention.Options options = Attention.Options.defaults(inner);
    Attention earlier = Attention.self(inner, heads).with(options.withSight(Sight.EARLIER));
    Sequence.Builder blocks = Sequence.builder();
    for (int i = 0; i < gathering.depth(); i++) {
      blocks.add(
          "blocks." + i,
          new TransformerBlock(
              List.of(earlier, Attention.cross(inner, inner, heads)),
              new FeedForward(inner, 4 * inner, new GeluByTanh(), 0),
              NormedResidual.Style.normFirst()));
    }
    return blocks.build();
  }

  /** One query over the tokens; one head, so that any width of embeddings will do. */
  private static Layer aligner(int dim) {
    return Sequence.builder()
        .add("query", new QueryPooling(1, dim, Attention.cross(dim, dim, 1)))
        .add("flat", new Flatten())
        .build();
  }
}
