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
import io.noesis.encoders.layer.Pad;
import io.noesis.encoders.layer.QueryPooling;
import io.noesis.encoders.layer.RecordedSamples;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.Sight;
import io.noesis.encoders.layer.SinusoidalPositions;
import io.noesis.encoders.layer.SwapAxes;
import io.noesis.encoders.layer.TemporalModulation;
import io.noesis.encoders.layer.TransformerBlock;
import io.noesis.run.Check;
import java.util.List;

/**
 * The encoder and aligner of GLIM (Liu et al. 2025, arXiv:2505.17099), EEG to text: every sample is
 * a token, blocks steered by prompts relate them, learned queries that see earlier ones gather them
 * into the tokens that a language model would read (the output {@value #TOKENS}), and one more
 * query makes the embedding of those. Where the target has several tokens, they are the embedding
 * themselves. Samples at which all channels are zero fill up short epochs and are not looked at.
 * {@code [trials, channels, samples]} → {@code [trials, dim]} or {@code [trials, queries, dim]}.
 *
 * @param width of a sample's token
 * @param depth how many steered blocks
 * @param heads of all attention
 * @param channels how those of a sample become its token
 * @param modulation what prompts steer
 * @param prompts what steers, in the order of the published ones: task, dataset, subject
 * @param gathering the queries
 * @param alignerHeads of the attention that makes the embedding; its width splits into them
 */
public record Glim(
    int width,
    int depth,
    int heads,
    Channels channels,
    Modulation modulation,
    List<GlimPrompt> prompts,
    Gathering gathering,
    int alignerHeads)
    implements NetworkSpec {
  static final String NAME = "glim";

  /** Name of the further output. */
  static final String TOKENS = "tokens";

  /** Of its layer norms. */
  private static final double EPSILON = 1e-6;

  /** How the channels of a sample become its token. */
  public enum Channels {
    /** As published: they are the token, with zeros behind them up to the width. */
    FILLED,
    /** By a linear map, for any number of channels. */
    MIXED
  }

  /** What prompts steer. */
  public enum Modulation {
    /** As published: the numbers of tokens in each branch, and each sample in front of a block. */
    WIDTH_AND_TIME,
    /** The numbers of tokens in each branch. */
    WIDTH
  }

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
    prompts = List.copyOf(prompts);
    Check.argument(
        width > 0
            && depth > 0
            && heads > 0
            && alignerHeads > 0
            && gathering.queries() > 0
            && gathering.depth() > 0
            && width % heads == 0
            && gathering.width() % heads == 0,
        "%s: expected depths, heads and queries of at least 1 and widths that split into the heads,"
            + " found width %d and %s in %d heads",
        NAME,
        width,
        gathering,
        heads);
    GlimPrompt.check(prompts);
  }

  /**
   * As published: 6 blocks of 128 with 8 heads, 96 queries of 256 in 6 blocks. Of the prompts the
   * subject alone, which is never told; a recipe adds task and dataset.
   */
  public static Glim defaults() {
    return new Glim(
        128,
        6,
        8,
        Channels.FILLED,
        Modulation.WIDTH_AND_TIME,
        List.of(GlimPrompt.ofSubject(1)),
        new Gathering(96, 256, 6),
        8);
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    int samples = sizes.response().get(sizes.response().size() - 1);
    int dim = sizes.target().get(sizes.target().size() - 1);
    int inner = gathering.width();
    Sequence.Builder network =
        Sequence.builder()
            .add("samples", new SwapAxes())
            .add("into", into(sizes.channels(NAME)))
            .add(
                "positions",
                new SinusoidalPositions(
                    List.of(samples), width, SinusoidalPositions.Waves.BEHIND_EACH_OTHER))
            .add("encoder", steered(sizes, samples))
            .add("wider", Linear.of(width, inner))
            .add("wider_norm", new LayerNorm(inner, EPSILON))
            .add(
                "gathering",
                new QueryPooling(
                    QueryPooling.Queries.unit(gathering.queries(), inner), gatheringBlocks()))
            .add("norm", new LayerNorm(inner, EPSILON))
            .add("text", Linear.of(inner, dim));
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
    return new RecordedSamples(network.build());
  }

  private Layer into(int recorded) {
    if (channels == Channels.MIXED) {
      return Linear.of(recorded, width);
    }
    Check.argument(
        recorded <= width,
        "%s: %d channels do not fit into tokens of width %d; set encoder.settings.width to a"
            + " multiple of the heads that holds them, or encoder.settings.channels to mixed",
        NAME,
        recorded,
        width);
    return new Pad(2, 0, width - recorded);
  }

  private Layer steered(NetworkSizes sizes, int samples) {
    Attention attention = recorded(Attention.self(width, heads), width);
    Sequence.Builder blocks = Sequence.builder();
    for (int i = 0; i < depth; i++) {
      String block = "blocks." + i;
      if (modulation == Modulation.WIDTH_AND_TIME) {
        blocks.add(block + ".time", new TemporalModulation(samples, width));
      }
      blocks
          .add(block + ".attention", new AdaLnZero(attention, width, width))
          .add(
              block + ".mlp",
              new AdaLnZero(new FeedForward(width, 4 * width, new GeluByTanh(), 0), width, width));
    }
    return new Conditioned(
        prompts.stream().map(prompt -> prompt.of(sizes.subjects())).toList(),
        width,
        blocks.build());
  }

  /** Of recorded samples. */
  private static Attention recorded(Attention attention, int width) {
    return attention.with(Attention.Options.defaults(width).withSight(Sight.MASKED));
  }

  private Layer gatheringBlocks() {
    int inner = gathering.width();
    Attention earlier =
        Attention.self(inner, heads)
            .with(Attention.Options.defaults(inner).withSight(Sight.EARLIER));
    Sequence.Builder blocks = Sequence.builder();
    for (int i = 0; i < gathering.depth(); i++) {
      blocks.add(
          "blocks." + i,
          new TransformerBlock(
              List.of(earlier, recorded(Attention.cross(inner, inner, heads), inner)),
              new FeedForward(inner, 4 * inner, new GeluByTanh(), 0),
              NormedResidual.Style.normFirst().withEpsilon(EPSILON)));
    }
    return blocks.build();
  }

  /** One query over the tokens. */
  private Layer aligner(int dim) {
    Check.argument(
        dim % alignerHeads == 0,
        "%s: embeddings of %d numbers do not split into %d heads; set encoder.settings.alignerHeads"
            + " to a number that divides them, such as 1",
        NAME,
        dim,
        alignerHeads);
    return Sequence.builder()
        .add(
            "query",
            new QueryPooling(
                QueryPooling.Queries.unit(1, dim), Attention.cross(dim, dim, alignerHeads)))
        .add("flat", new Flatten())
        .build();
  }
}
