package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Attention;
import io.noesis.encoders.layer.FeedForward;
import io.noesis.encoders.layer.Identity;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LayerNorm;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.NormedResidual;
import io.noesis.encoders.layer.QueryPlaces;
import io.noesis.encoders.layer.QueryPooling;
import io.noesis.encoders.layer.Relu;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.SinusoidalPositions;
import io.noesis.encoders.layer.TokenReadout;
import io.noesis.run.Check;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The transformer brain encoder (Adeli et al. 2025, arXiv:2505.17329), an encoding model: a learned
 * query for each ROI looks at the tokens of a stimulus, and the ROI's voxels are linear in what it
 * found. Its blocks are those of DETR's decoder (Carion et al. 2020, arXiv:2005.12872) with the
 * norm first and without attention of queries to each other: zeros go through them, to which the
 * queries are added where they look. What decoders call responses are here the stimulus's features,
 * and the targets are voxels: {@code [trials, tokens, features]} → {@code [trials, voxels]}. ROIs
 * are runs of neighbouring columns.
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
    int width = encoder.width();
    boolean keysAlone = positions == Positions.KEYS;
    Layer waves = SinusoidalPositions.of(tokens, width);
    Layer none = new Identity();
    QueryPooling.Queries queries =
        QueryPooling.Queries.unit(rois, width).from(QueryPooling.State.ZERO);
    return Sequence.builder()
        .add("features", Linear.of(sizes.response().get(1), width))
        .add("positions", keysAlone ? none : waves)
        .add("rois", new QueryPooling(queries, blocks(keysAlone), keysAlone ? waves : none))
        .add("norm", LayerNorm.of(width))
        .add("readout", new TokenReadout(counts(sizes.dim()), width))
        .build();
  }

  private Layer blocks(boolean keysAlone) {
    int width = encoder.width();
    Attention.Options options = Attention.Options.defaults(width).withDropout(encoder.dropout());
    Layer attention =
        new QueryPlaces(
            Attention.cross(width, width, encoder.heads())
                .with(keysAlone ? options.withKeys(Attention.Keys.GIVEN) : options));
    Layer between = new FeedForward(width, encoder.hidden(), new Relu(), encoder.dropout());
    NormedResidual.Style style = NormedResidual.Style.normFirst().withDropout(encoder.dropout());
    Sequence.Builder blocks = Sequence.builder();
    for (int i = 0; i < encoder.depth(); i++) {
      blocks
          .add(i + ".cross", new NormedResidual(attention, width, style))
          .add(i + ".mlp", new NormedResidual(between, width, style));
    }
    return blocks.build();
  }

  /** How many voxels each ROI has. */
  private List<Integer> counts(int columns) {
    if (voxels.isEmpty()) {
      Check.argument(
          rois <= columns,
          "%s: expected at most %d ROIs of the voxels, found %d",
          NAME,
          columns,
          rois);
      return IntStream.range(0, rois)
          .mapToObj(r -> start(r + 1, columns) - start(r, columns))
          .toList();
    }
    int all = voxels.stream().reduce(0, Math::addExact);
    Check.argument(
        all == columns,
        "%s: the ROIs %s have %d voxels together, the responses %d; give the number of each, or"
            + " leave voxels out to cut runs of equal size",
        NAME,
        voxels,
        all,
        columns);
    return voxels;
  }

  private int start(int roi, int columns) {
    return (int) (((long) roi * columns + rois - 1) / rois);
  }
}
