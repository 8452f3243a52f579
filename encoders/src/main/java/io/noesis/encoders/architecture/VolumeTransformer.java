package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Sequence;
import io.noesis.run.Check;
import java.util.List;

/**
 * A vision transformer over cubes of a volume, as in Neuro-Vision to Language (Shen et al. 2024,
 * arXiv:2404.19438): the voxels of a mask are cut into cubes, cubes without voxels are left out,
 * and one linear map makes a token of each. Subjects may differ in where their voxels lie, in one
 * space. {@code [trials, voxels]} → {@code [trials, dim]} or {@code [trials, tokens, dim]}.
 *
 * @param patchMm edge of a cube
 * @param encoder the transformer
 * @param heads further outputs on the class token, as the published one for a latent
 */
public record VolumeTransformer(double patchMm, TokenEncoder encoder, List<HeadSpec> heads)
    implements NetworkSpec {
  static final String NAME = "vit-3d";

  /** Copies, and checks the edge. */
  public VolumeTransformer {
    heads = List.copyOf(heads);
    Check.argument(
        patchMm > 0, "%s: expected cubes of an edge above 0 mm, found %s", NAME, patchMm);
  }

  /** Without further outputs. */
  VolumeTransformer(double patchMm, TokenEncoder encoder) {
    this(patchMm, encoder, List.of());
  }

  /** As published: 14 voxels of 1.8 mm, 16 blocks of width 768, heads with 1024 hidden units. */
  public static VolumeTransformer defaults() {
    return new VolumeTransformer(25.2, new TokenEncoder(768, 16, 12, 3072, 0, 1024));
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    VoxelPatches patches =
        VoxelPatches.of(PatchTable.of(sizes, NAME).boxes(patchMm, patchMm, patchMm));
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
