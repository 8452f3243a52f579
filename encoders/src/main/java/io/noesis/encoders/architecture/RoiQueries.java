package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Attention;
import io.noesis.encoders.layer.Identity;
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
 * columns.
 *
 * @param rois how many queries
 * @param voxels how many columns each ROI has, in the order of the columns: ROIs of a study lie
 *     behind each other, as published one for each region and hemisphere; empty to cut runs of as
 *     good as equal size
 * @param encoder widths of the one block whose queries look at the stimulus; its depth is how often
 *     they do
 * @param positions what the places of tokens are added to
 */
public record RoiQueries(int rois, List<Integer> voxels, TokenEncoder encoder, Positions positions)
    implements NetworkSpec {
  static final String NAME = "roi-queries";

  /** What fixed waves of the places of tokens are added to. */
  public enum Positions {
    /** As published, to keys alone: what is read out of a place does not depend on the place. */
    KEYS,
    /** To keys and values. */
    KEYS_AND_VALUES
  }

  /** Checks the count. */
  public RoiQueries {
    voxels = List.copyOf(voxels);
    Check.argument(rois >= 1, "%s: expected at least 1 ROI, found %d", NAME, rois);
    Check.argument(
        voxels.isEmpty()
            || (voxels.size() == rois && voxels.stream().allMatch(count -> count >= 1)),
        "%s: expected at least 1 voxel for each of %d ROIs, found %s",
        NAME,
        rois,
        voxels);
  }

  /** As published: one block of width 768, 16 heads, 1024 hidden units, dropout 0.1. */
  public static RoiQueries defaults() {
    return new RoiQueries(
        24, List.of(), new TokenEncoder(768, 1, 16, 1024, 0.1, 0), Positions.KEYS);
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
    int[] starts = starts(sizes.dim());
    int width = encoder.width();
    int largest = IntStream.range(0, rois).map(r -> starts[r + 1] - starts[r]).max().orElseThrow();
    boolean keysAlone = positions == Positions.KEYS;
    Attention cross = Attention.cross(width, width, encoder.heads());
    Attention attention =
        keysAlone ? cross.with(cross.options().withKeys(Attention.Keys.GIVEN)) : cross;
    Sequence.Builder blocks = Sequence.builder();
    for (int i = 0; i < encoder.depth(); i++) {
      blocks.add("" + i, encoder.block(attention));
    }
    Layer waves = SinusoidalPositions.of(tokens, width);
    Layer none = new Identity();
    return Sequence.builder()
        .add("features", Linear.of(sizes.response().get(1), width))
        .add("positions", keysAlone ? none : waves)
        .add("rois", new QueryPooling(rois, width, blocks.build(), keysAlone ? waves : none))
        .add("norm", LayerNorm.of(width))
        .add("readout", new TokenLinear(rois, width, largest))
        .add("flat", Reshape.to(rois * largest))
        .add("order", new Patches(rois * largest, List.of(columns(starts, largest))))
        .add("voxels", Reshape.to(sizes.dim()))
        .build();
  }

  /** Where each ROI starts, and the end of the last. */
  private int[] starts(int columns) {
    int[] starts = new int[rois + 1];
    if (voxels.isEmpty()) {
      Check.argument(
          rois <= columns,
          "%s: expected at most %d ROIs of the voxels, found %d",
          NAME,
          columns,
          rois);
      for (int r = 0; r <= rois; r++) {
        starts[r] = (int) (((long) r * columns + rois - 1) / rois);
      }
      return starts;
    }
    for (int r = 0; r < rois; r++) {
      starts[r + 1] = starts[r] + voxels.get(r);
    }
    Check.argument(
        starts[rois] == columns,
        "%s: the ROIs %s have %d voxels together, the responses %d; give the number of each, or"
            + " leave voxels out to cut runs of equal size",
        NAME,
        voxels,
        starts[rois],
        columns);
    return starts;
  }

  /** The output of its ROI's readout that each voxel is. */
  private List<Integer> columns(int[] starts, int largest) {
    return IntStream.range(0, rois)
        .flatMap(
            r -> IntStream.range(0, starts[r + 1] - starts[r]).map(voxel -> r * largest + voxel))
        .boxed()
        .toList();
  }
}
