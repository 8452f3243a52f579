package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Attention;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LayerNorm;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Patches;
import io.noesis.encoders.layer.QueryPooling;
import io.noesis.encoders.layer.Reshape;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.SinusoidalPositions;
import io.noesis.encoders.layer.TokenLinear;
import io.noesis.run.Check;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The transformer brain encoder (Adeli et al. 2025, arXiv:2505.17329), an encoding model: a learned
 * query for each ROI looks at the tokens of a stimulus, and the ROI's voxels are linear in what it
 * found. What decoders call responses are here the stimulus's features, and the targets are voxels:
 * {@code [trials, tokens, features]} → {@code [trials, voxels]}. ROIs are runs of neighbouring
 * columns of as good as equal size; fixed positions are added to keys and values alike (as
 * published to keys only).
 *
 * @param rois how many queries
 * @param encoder widths of the one block whose queries look at the stimulus; its depth is how often
 *     they do
 */
public record RoiQueries(int rois, TokenEncoder encoder) implements NetworkSpec {
  static final String NAME = "roi-queries";

  /** Checks the count. */
  public RoiQueries {
    Check.argument(rois >= 1, "%s: expected at least 1 ROI, found %d", NAME, rois);
  }

  /** As published: one block of width 768, 16 heads, 1024 hidden units, dropout 0.1. */
  public static RoiQueries defaults() {
    return new RoiQueries(24, new TokenEncoder(768, 1, 16, 1024, 0.1, 0));
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    Check.argument(
        sizes.response().size() == 2 && sizes.target().size() == 1,
        "%s encodes stimulus tokens [trials, tokens, features] as [trials, voxels], found rows %s"
            + " and targets %s",
        NAME,
        sizes.response(),
        sizes.target());
    int tokens = sizes.response().get(0);
    int voxels = sizes.dim();
    Check.argument(
        rois <= voxels, "%s: expected at most %d ROIs of the voxels, found %d", NAME, voxels, rois);
    int width = encoder.width();
    int largest = (voxels + rois - 1) / rois;
    Sequence.Builder blocks = Sequence.builder();
    for (int i = 0; i < encoder.depth(); i++) {
      blocks.add("" + i, encoder.block(Attention.cross(width, width, encoder.heads())));
    }
    return Sequence.builder()
        .add("features", Linear.of(sizes.response().get(1), width))
        .add("positions", SinusoidalPositions.of(tokens, width))
        .add("rois", new QueryPooling(rois, width, blocks.build()))
        .add("norm", LayerNorm.of(width))
        .add("readout", new TokenLinear(rois, width, largest))
        .add("flat", Reshape.to(rois * largest))
        .add("order", new Patches(rois * largest, List.of(columns(voxels, largest))))
        .add("voxels", Reshape.to(voxels))
        .build();
  }

  /** The output of its ROI's readout that each voxel is. */
  private List<Integer> columns(int voxels, int largest) {
    return IntStream.range(0, voxels)
        .map(
            v -> {
              int roi = (int) ((long) v * rois / voxels);
              int first = (int) (((long) roi * voxels + rois - 1) / rois);
              return roi * largest + v - first;
            })
        .boxed()
        .toList();
  }
}
