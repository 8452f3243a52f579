package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Attention;
import io.noesis.encoders.layer.ClassToken;
import io.noesis.encoders.layer.Dropout;
import io.noesis.encoders.layer.FeedForward;
import io.noesis.encoders.layer.Flatten;
import io.noesis.encoders.layer.Gelu;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LayerNorm;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.NormedResidual;
import io.noesis.encoders.layer.PositionEmbedding;
import io.noesis.encoders.layer.Reshape;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.Slice;
import io.noesis.encoders.layer.TransformerBlock;
import io.noesis.run.Check;
import java.util.List;

/**
 * The transformer behind tokens of voxels (Dosovitskiy et al. 2021, arXiv:2010.11929): learned
 * positions, a class token, blocks with their norm first, and a map from the class token to the
 * embedding.
 *
 * @param width of a token, a multiple of the heads
 * @param depth how many blocks
 * @param heads of attention
 * @param hidden width of the feed-forward networks
 * @param dropout rate at the end of each branch
 * @param headHidden width between the two maps from the class token; 0 for one map
 */
public record TokenEncoder(
    int width, int depth, int heads, int hidden, double dropout, int headHidden) {
  /** Checks the sizes. */
  public TokenEncoder {
    Check.argument(
        width > 0 && depth >= 0 && heads > 0 && width % heads == 0 && hidden > 0 && headHidden >= 0,
        "transformer: expected a width that splits into the heads, a depth and a hidden width of at"
            + " least 1, found width %d, %d heads, depth %d, hidden %d",
        width,
        heads,
        depth,
        hidden);
  }

  Layer network(Layer tokenizer, int tokens, NetworkSizes sizes, List<HeadSpec> further) {
    Sequence.Builder network =
        Sequence.builder()
            .add("tokens", tokenizer)
            .add("positions", new PositionEmbedding(tokens, width))
            .add("class_token", ClassToken.of(width))
            .add("dropout", new Dropout(dropout));
    for (int i = 0; i < depth; i++) {
      network.add("blocks." + i, block(Attention.self(width, heads)));
    }
    network
        .add("norm", LayerNorm.of(width))
        .add("class", new Slice(1, 0, 1))
        .add("flat", new Flatten());
    return head(network, sizes, further).build();
  }

  /** From one vector to further outputs and the embedding. */
  Sequence.Builder head(Sequence.Builder network, NetworkSizes sizes, List<HeadSpec> further) {
    HeadSpec.behind(network, width, further);
    if (headHidden == 0) {
      network.add("out", Linear.of(width, sizes.dim()));
    } else {
      network
          .add("head", Linear.of(width, headHidden))
          .add("activation", new Gelu())
          .add("out", Linear.of(headHidden, sizes.dim()));
    }
    return network.add("embedding", new Reshape(sizes.target()));
  }

  Layer block(Attention attention) {
    return TransformerBlock.of(
        attention,
        FeedForward.of(width, hidden),
        NormedResidual.Style.normFirst().withDropout(dropout));
  }
}
