package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.SubjectTokenLinear;
import io.noesis.encoders.layer.TokenLinear;
import io.noesis.run.Check;
import java.util.List;

/**
 * A transformer whose tokens are parcels of neighbouring voxels, each with a linear map of its own
 * (as in Dosovitskiy et al. 2021, arXiv:2010.11929, with parcels for patches; the transformer of
 * WAVE, whose tokens are volumes, is {@link CausalSequence}). Where voxels of subjects differ, each
 * subject's are parcelled by themselves and mapped by weights of its own; the n-th parcels of all
 * are one token. {@code [trials, voxels]} → {@code [trials, dim]} or {@code [trials, tokens, dim]}.
 *
 * @param parcels how many
 * @param encoder the transformer
 * @param adapter whose weights the maps from voxels to tokens have
 * @param heads further outputs on the class token
 */
public record ParcelTransformer(
    int parcels, TokenEncoder encoder, ResidualMlp.Adapter adapter, List<HeadSpec> heads)
    implements NetworkSpec {
  static final String NAME = "parcel-transformer";

  /** Copies. */
  public ParcelTransformer {
    heads = List.copyOf(heads);
  }

  /** Without further outputs. */
  ParcelTransformer(int parcels, TokenEncoder encoder, ResidualMlp.Adapter adapter) {
    this(parcels, encoder, adapter, List.of());
  }

  /** With weights that all subjects share. */
  ParcelTransformer(int parcels, TokenEncoder encoder) {
    this(parcels, encoder, ResidualMlp.Adapter.SHARED);
  }

  /**
   * As many parcels, and blocks of the sizes, that WAVE has: 1024, 4 of width 768 with 12 heads.
   */
  public static ParcelTransformer defaults() {
    return new ParcelTransformer(1024, new TokenEncoder(768, 4, 12, 3072, 0.1, 0));
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    PatchTable table = PatchTable.of(sizes, NAME);
    boolean own = adapter == ResidualMlp.Adapter.SUBJECT;
    Check.argument(
        own || !table.differ(),
        "%s: the subjects %s differ in their voxels, so that one map for all means nothing; set"
            + " encoder.settings.adapter to subject",
        NAME,
        sizes.subjects());
    VoxelPatches patches = VoxelPatches.of(table.parcels(parcels));
    int subjects = sizes.subjects().size();
    Layer linear =
        own
            ? new SubjectTokenLinear(subjects, patches.count(), patches.size(), encoder.width())
            : new TokenLinear(patches.count(), patches.size(), encoder.width());
    Layer tokenizer =
        Sequence.builder().add("parcels", patches.layer()).add("linear", linear).build();
    return encoder.network(tokenizer, patches.count(), sizes, heads);
  }

  @Override
  public NetworkSizes needed(NetworkSizes sizes) {
    return sizes;
  }
}
