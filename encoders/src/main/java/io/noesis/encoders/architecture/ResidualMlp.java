package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Dropout;
import io.noesis.encoders.layer.Gelu;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LayerNorm;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Reshape;
import io.noesis.encoders.layer.Residual;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.SubjectLinear;
import io.noesis.run.Check;

/**
 * The backbones of MindEye 1 and 2: a linear map from voxels to a width, residual blocks, a linear
 * map to the embedding, and optionally a projector of each token for retrieval. {@code [trials,
 * voxels]} → {@code [trials, dim]} or {@code [trials, tokens, dim]}.
 *
 * <p>{@link #defaults()} is MindEye (Scotti et al. 2023, arXiv:2305.18274), {@link #mindEye2()}
 * MindEye2 (Scotti et al. 2024, arXiv:2403.11207). In the published code of MindEye2 the residual
 * of each block joins behind a sub-block over a sequence of length 1, whose layer norm gives zero
 * for every input, so that all of its blocks together add one constant: {@code blocks: 0} is that
 * network; with blocks above 0 they do what the paper says.
 *
 * @param width of the blocks
 * @param blocks how many
 * @param firstDropout rate behind the first map, when the norm is last
 * @param blockDropout rate in each block
 * @param norm where it stands
 * @param adapter whose weights the first map has
 * @param projector hidden width of the projector of each token; 0 for none
 */
public record ResidualMlp(
    int width,
    int blocks,
    double firstDropout,
    double blockDropout,
    Norm norm,
    Adapter adapter,
    int projector)
    implements NetworkSpec {
  static final String NAME = "residual-mlp";

  /** Where the layer norm of a block stands. */
  public enum Norm {
    /** Linear, norm, GELU, dropout: MindEye. The first map is such a block, too. */
    LAST,
    /** Norm, linear, GELU, dropout, linear: MindEye2. The first map stands alone. */
    FIRST
  }

  /** Whose weights the map from voxels has. */
  public enum Adapter {
    /** All subjects have the same. */
    SHARED,
    /** Each subject has its own; others get their mean. */
    SUBJECT
  }

  /** Checks the sizes; the rates are checked by their layers. */
  public ResidualMlp {
    Check.argument(
        width > 0 && blocks >= 0 && projector >= 0,
        "residual MLP: expected a width of at least 1, blocks and projector of at least 0, found"
            + " %d, %d and %d",
        width,
        blocks,
        projector);
  }

  /**
   * MindEye's, without a projector.
   *
   * @param width of the blocks
   * @param blocks how many
   * @param firstDropout rate behind the first map
   * @param blockDropout rate at the end of each block
   */
  public ResidualMlp(int width, int blocks, double firstDropout, double blockDropout) {
    this(width, blocks, firstDropout, blockDropout, Norm.LAST, Adapter.SHARED, 0);
  }

  /** MindEye as published: width 4096, 4 blocks, dropout 0.5 and 0.15. */
  public static ResidualMlp defaults() {
    return new ResidualMlp(4096, 4, 0.5, 0.15);
  }

  /** MindEye2 as the paper says: a linear map per subject and 4 blocks of width 4096. */
  public static ResidualMlp mindEye2() {
    return new ResidualMlp(4096, 4, 0, 0.15, Norm.FIRST, Adapter.SUBJECT, 0);
  }

  /** From voxels to the vector behind the last block. */
  Sequence.Builder trunk(NetworkSizes sizes) {
    int voxels = sizes.voxels(NAME);
    Layer first =
        adapter == Adapter.SHARED
            ? Linear.of(voxels, width)
            : new SubjectLinear(sizes.subjects().size(), voxels, width, SubjectLinear.Axes.FLAT);
    Sequence.Builder network =
        norm == Norm.LAST
            ? Blocks.normLast("into", first, width, firstDropout)
            : Sequence.builder().add("into", first);
    for (int i = 0; i < blocks; i++) {
      network.add("blocks." + i, new Residual(block()));
    }
    return network;
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    Sequence.Builder network = trunk(sizes).add("out", Linear.of(width, sizes.dim()));
    if (projector > 0) {
      int tokenWidth = sizes.target().get(sizes.target().size() - 1);
      network.add("tokens", Reshape.to(sizes.dim() / tokenWidth, tokenWidth));
      network.add("projector", Blocks.projector(tokenWidth, projector));
    }
    return network.add("embedding", new Reshape(sizes.target())).build();
  }

  private Layer block() {
    if (norm == Norm.LAST) {
      return Blocks.normLast("linear", Linear.of(width, width), width, blockDropout).build();
    }
    return Sequence.builder()
        .add("norm", LayerNorm.of(width))
        .add("linear", Linear.of(width, width))
        .add("activation", new Gelu())
        .add("dropout", new Dropout(blockDropout))
        .add("back", Linear.of(width, width))
        .build();
  }
}
