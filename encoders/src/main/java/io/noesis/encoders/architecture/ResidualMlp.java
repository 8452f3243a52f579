package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Dropout;
import io.noesis.encoders.layer.Gelu;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LayerNorm;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Residual;
import io.noesis.encoders.layer.Sequence;
import io.noesis.run.Check;

/**
 * The backbone of MindEye (Scotti et al. 2023, arXiv:2305.18274): a linear map from voxels to a
 * width with layer norm, GELU and strong dropout, residual blocks of the same, and a linear map to
 * the embedding. {@code [trials, voxels]} → {@code [trials, dim]}.
 *
 * @param width of the blocks
 * @param blocks how many
 * @param firstDropout rate behind the first map
 * @param blockDropout rate at the end of each block
 */
public record ResidualMlp(int width, int blocks, double firstDropout, double blockDropout)
    implements NetworkSpec {
  static final String NAME = "residual-mlp";

  /** Checks the sizes; the rates are checked by their layers. */
  public ResidualMlp {
    Check.argument(
        width > 0 && blocks >= 0,
        "residual MLP: expected a width of at least 1 and blocks of at least 0, found %d and %d",
        width,
        blocks);
  }

  /** As published: width 4096, 4 blocks, dropout 0.5 and 0.15. */
  public static ResidualMlp defaults() {
    return new ResidualMlp(4096, 4, 0.5, 0.15);
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    Sequence.Builder network = block("into", sizes.voxels(NAME), firstDropout);
    for (int i = 0; i < blocks; i++) {
      network.add("blocks." + i, new Residual(block("linear", width, blockDropout).build()));
    }
    return network.add("out", Linear.of(width, sizes.dim())).build();
  }

  private Sequence.Builder block(String name, int in, double rate) {
    return Sequence.builder()
        .add(name, Linear.of(in, width))
        .add("norm", LayerNorm.of(width))
        .add("activation", new Gelu())
        .add("dropout", new Dropout(rate));
  }
}
