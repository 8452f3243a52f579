package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Attention;
import io.noesis.encoders.layer.Dropout;
import io.noesis.encoders.layer.Gelu;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LayerNorm;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.NormedResidual;
import io.noesis.encoders.layer.Reshape;
import io.noesis.encoders.layer.Residual;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.SubjectLinear;
import io.noesis.encoders.layer.SubjectNorm;
import io.noesis.run.Check;
import java.util.List;

/**
 * See Through Their Minds (Liu et al. 2025, arXiv:2403.06361): adapters of each subject's own,
 * shared residual blocks, narrow tokens that look at each other, and a wide map of each token;
 * optionally a projector. Through the narrow tokens it needs far fewer weights than one map to all
 * of a target. {@code [trials, voxels]} → {@code [trials, dim]} or {@code [trials, tokens, dim]}.
 *
 * @param width of adapters and blocks
 * @param adapterBlocks how many residual blocks each subject has of its own
 * @param blocks how many are shared
 * @param firstDropout rate behind each subject's map
 * @param blockDropout rate at the end of each block
 * @param tokens what follows the blocks
 * @param heads further outputs on the shared blocks: a global embedding, a low-level latent
 */
public record Sttm(
    int width,
    int adapterBlocks,
    int blocks,
    double firstDropout,
    double blockDropout,
    Tokens tokens,
    List<HeadSpec> heads)
    implements NetworkSpec {
  static final String NAME = "sttm";

  /**
   * From the blocks to the tokens of a target.
   *
   * @param width of the narrow tokens
   * @param heads of their attention
   * @param attention width of queries, keys and values together
   * @param hidden width between the two maps of each token
   * @param projector hidden width of the projector of each token; 0 for none
   * @param dropout rate behind attention and between the two maps
   * @param attentionDropout rate for the weights of attention
   * @param scores what is done to products of queries and keys
   */
  public record Tokens(
      int width,
      int heads,
      int attention,
      int hidden,
      int projector,
      double dropout,
      double attentionDropout,
      Scores scores) {}

  /** What is done to products of queries and keys before the softmax, d the width of a head. */
  public enum Scores {
    /** Divided by √d, as attention does. */
    DIVIDED,
    /** Multiplied by √d, as in the published code: for weights that were trained there. */
    MULTIPLIED
  }

  /** Checks the sizes; the rates are checked by their layers. */
  public Sttm {
    heads = List.copyOf(heads);
    Check.argument(
        width > 0
            && adapterBlocks >= 0
            && blocks >= 0
            && tokens.hidden() > 0
            && tokens.projector() >= 0,
        "%s: expected widths of at least 1, blocks and projector of at least 0, found %d, %d, %s",
        NAME,
        width,
        blocks,
        tokens);
  }

  /** As published, without the projector of the retrieval branch and other heads. */
  public static Sttm defaults() {
    return new Sttm(
        4096,
        1,
        4,
        0.5,
        0.15,
        new Tokens(128, 8, 768, 1536, 0, 0.15, 0.1, Scores.DIVIDED),
        List.of());
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    int voxels = sizes.voxels(NAME);
    int subjects = sizes.subjects().size();
    int dim = sizes.target().get(sizes.target().size() - 1);
    int count = sizes.dim() / dim;
    Sequence.Builder network =
        Sequence.builder().add("adapter", own(subjects, voxels, firstDropout));
    for (int i = 0; i < adapterBlocks; i++) {
      network.add("adapter_blocks." + i, new Residual(own(subjects, width, blockDropout)));
    }
    for (int i = 0; i < blocks; i++) {
      Layer map = Linear.of(width, width);
      network.add(
          "blocks." + i, new Residual(Blocks.normLast("linear", map, width, blockDropout).build()));
    }
    HeadSpec.behind(network, width, heads);
    network
        .add("norm", LayerNorm.of(width))
        .add("activation", new Gelu())
        .add("narrow", Linear.of(width, count * tokens.width()))
        .add("tokens", Reshape.to(count, tokens.width()))
        .add(
            "attention",
            new NormedResidual(
                attention(),
                tokens.width(),
                NormedResidual.Style.normFirst().withDropout(tokens.dropout())))
        .add("token_norm", LayerNorm.of(tokens.width()))
        .add("into", Linear.of(tokens.width(), tokens.hidden()))
        .add("wide_norm", LayerNorm.of(tokens.hidden()))
        .add("token_activation", new Gelu())
        .add("token_dropout", new Dropout(tokens.dropout()))
        .add("out", Linear.of(tokens.hidden(), dim));
    if (tokens.projector() > 0) {
      network.add("projector", Blocks.projector(dim, tokens.projector()));
    }
    return network.add("embedding", new Reshape(sizes.target())).build();
  }

  private Attention attention() {
    Attention plain = Attention.self(tokens.width(), tokens.heads());
    boolean multiplied = tokens.scores() == Scores.MULTIPLIED;
    return plain.with(
        plain
            .options()
            .withInner(tokens.attention())
            .withDropout(tokens.attentionDropout())
            .withGain(multiplied ? tokens.attention() / (double) tokens.heads() : 1));
  }

  private Layer own(int subjects, int in, double rate) {
    return Sequence.builder()
        .add("linear", new SubjectLinear(subjects, in, width, SubjectLinear.Axes.FLAT))
        .add("norm", new SubjectNorm(subjects, width))
        .add("activation", new Gelu())
        .add("dropout", new Dropout(rate))
        .build();
  }
}
