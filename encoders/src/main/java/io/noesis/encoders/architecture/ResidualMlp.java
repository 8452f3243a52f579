package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Bias;
import io.noesis.encoders.layer.Dropout;
import io.noesis.encoders.layer.Gelu;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LayerNorm;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Reshape;
import io.noesis.encoders.layer.Residual;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.Silu;
import io.noesis.encoders.layer.SubjectLinear;
import io.noesis.run.Check;
import java.util.List;
import java.util.Optional;

/**
 * The backbones of MindEye 1 and 2: a linear map from voxels to a width, residual blocks, a linear
 * map to the embedding, and optionally a projector of each token for retrieval; or, in the place of
 * that map, the decoder of an autoencoder, which is MindEye's low-level network. {@code [trials,
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
 * @param latent the decoder behind it, whose latent is the embedding; empty for the linear map
 */
public record ResidualMlp(
    int width,
    int blocks,
    double firstDropout,
    double blockDropout,
    Norm norm,
    Adapter adapter,
    int projector,
    Optional<Latent> latent)
    implements NetworkSpec {
  static final String NAME = "residual-mlp";

  /** Where the layer norm of a block stands. */
  public enum Norm {
    /** Linear, norm, GELU, dropout: MindEye. The first map is such a block, too. */
    LAST,
    /** Norm, linear, GELU, dropout, linear: MindEye2. The first map stands alone. */
    FIRST,
    /** Linear without constants, norm, SiLU, dropout: MindEye's low-level network. */
    LAST_SILU
  }

  /**
   * A latent of an autoencoder for pictures, upsampled from a small map.
   *
   * @param sizes of the latent: channels, height and width, whose product the targets have
   * @param decoder that makes it; its features are the output {@code latent_features}
   */
  public record Latent(List<Integer> sizes, Upsampling decoder) {
    /** Copies the sizes. */
    public Latent {
      sizes = List.copyOf(sizes);
    }

    /** Stable Diffusion's of 512 pixels, as MindEye has it. */
    public static Latent defaults() {
      return new Latent(List.of(4, 64, 64), new Upsampling(64, List.of(64, 128, 256), 32, 512));
    }
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
    Check.argument(
        latent.isEmpty() || projector == 0,
        "residual MLP: a projector of tokens (%d) and a latent exclude each other; set one",
        projector);
  }

  /**
   * One that ends in a linear map.
   *
   * @param width of the blocks
   * @param blocks how many
   * @param firstDropout rate behind the first map, when the norm is last
   * @param blockDropout rate in each block
   * @param norm where it stands
   * @param adapter whose weights the first map has
   * @param projector hidden width of the projector of each token; 0 for none
   */
  public ResidualMlp(
      int width,
      int blocks,
      double firstDropout,
      double blockDropout,
      Norm norm,
      Adapter adapter,
      int projector) {
    this(width, blocks, firstDropout, blockDropout, norm, adapter, projector, Optional.empty());
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

  /** MindEye's low-level network as published: latents of 4 × 64 × 64. */
  public static ResidualMlp lowLevel() {
    return new ResidualMlp(
        4096, 4, 0.5, 0.25, Norm.LAST_SILU, Adapter.SHARED, 0, Optional.of(Latent.defaults()));
  }

  private Bias constants() {
    return norm == Norm.LAST_SILU ? Bias.WITHOUT : Bias.WITH;
  }

  /** From voxels to the vector behind the last block. */
  Sequence.Builder trunk(NetworkSizes sizes) {
    int voxels = sizes.voxels(NAME);
    Layer first =
        adapter == Adapter.SHARED
            ? new Linear(voxels, width, constants())
            : new SubjectLinear(
                sizes.subjects().size(), voxels, width, SubjectLinear.Axes.FLAT, constants());
    Sequence.Builder network =
        norm == Norm.FIRST
            ? Sequence.builder().add("into", first)
            : Blocks.normLast("into", first, width, activation(), firstDropout);
    for (int i = 0; i < blocks; i++) {
      network.add("blocks." + i, new Residual(block()));
    }
    return network;
  }

  private Layer activation() {
    return norm == Norm.LAST_SILU ? new Silu() : new Gelu();
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    if (latent.isPresent()) {
      Latent made = latent.get();
      Check.argument(
          made.sizes().stream().reduce(1, Math::multiplyExact) == sizes.dim(),
          "residual MLP: a latent of %s has other sizes than the targets, %s; set latent.sizes to"
              + " the channels, height and width of the targets' autoencoder",
          made.sizes(),
          sizes.target());
      return trunk(sizes)
          .add("latent", made.decoder().layer("latent", width, constants(), 0, made.sizes()))
          .add("embedding", new Reshape(sizes.target()))
          .build();
    }
    Sequence.Builder network = trunk(sizes).add("out", Linear.of(width, sizes.dim()));
    if (projector > 0) {
      int tokenWidth = sizes.target().get(sizes.target().size() - 1);
      network.add("tokens", Reshape.to(sizes.dim() / tokenWidth, tokenWidth));
      network.add("projector", Blocks.projector(tokenWidth, projector));
    }
    return network.add("embedding", new Reshape(sizes.target())).build();
  }

  private Layer block() {
    if (norm != Norm.FIRST) {
      Layer map = new Linear(width, width, constants());
      return Blocks.normLast("linear", map, width, activation(), blockDropout).build();
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
