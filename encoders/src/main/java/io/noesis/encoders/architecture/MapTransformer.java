package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Sequence;
import io.noesis.run.Check;
import java.util.Arrays;
import java.util.List;

/**
 * A vision transformer over squares of a flat map of the cortex: the encoder of fMRI-PTE (Qian et
 * al. 2023, arXiv:2311.00342), which NeuroPictor (arXiv:2403.18211) and MinD-3D use. Where
 * coordinates have three axes, the map is what is seen along one of them, and all that lies behind
 * a square belongs to it. Subjects may differ in where their voxels lie, on one map. {@code
 * [trials, voxels]} → {@code [trials, dim]} or {@code [trials, tokens, dim]}.
 *
 * @param patch edge of a square, in the unit of the coordinates
 * @param along the axis to look along when there are three: 0, 1 or 2
 * @param encoder the transformer
 * @param heads further outputs on the class token
 */
public record MapTransformer(double patch, int along, TokenEncoder encoder, List<HeadSpec> heads)
    implements NetworkSpec {
  static final String NAME = "flat-map-vit";

  /** Copies, and checks the edge and the axis. */
  public MapTransformer {
    heads = List.copyOf(heads);
    Check.argument(
        patch > 0 && along >= 0 && along <= 2,
        "%s: expected squares of an edge above 0 and an axis 0 to 2, found %s and %d",
        NAME,
        patch,
        along);
  }

  /** Without further outputs. */
  MapTransformer(double patch, int along, TokenEncoder encoder) {
    this(patch, along, encoder, List.of());
  }

  /** As published: squares of 16 pixels, ViT-L: 24 blocks of width 1024 with 16 heads. */
  public static MapTransformer defaults() {
    return new MapTransformer(16, 2, new TokenEncoder(1024, 24, 16, 4096, 0, 0));
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    PatchTable table = PatchTable.of(sizes, NAME);
    double[] edges = new double[table.axes()];
    Arrays.fill(edges, patch);
    if (edges.length == 3) {
      edges[along] = Double.POSITIVE_INFINITY;
    }
    VoxelPatches patches = VoxelPatches.of(table.boxes(edges));
    Layer tokenizer =
        Sequence.builder()
            .add("patches", patches.layer())
            .add("linear", Linear.of(patches.size(), encoder.width()))
            .build();
    return encoder.network(tokenizer, patches.count(), sizes, heads);
  }

  @Override
  public NetworkSizes needed(NetworkSizes sizes) {
    return sizes;
  }
}
