package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Patches;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.TokenLinear;

/**
 * A transformer whose tokens are parcels of neighbouring voxels, each with a linear map of its own
 * (parcels as tokens: Thomas et al. 2022, arXiv:2206.11417, whose transformer WAVE uses; there a
 * token is made of a parcel's mean, here of its voxels). {@code [trials, voxels]} → {@code [trials,
 * dim]} or {@code [trials, tokens, dim]}.
 *
 * @param parcels how many
 * @param encoder the transformer
 */
public record ParcelTransformer(int parcels, TokenEncoder encoder) implements NetworkSpec {
  static final String NAME = "parcel-transformer";

  /** As published: 1024 parcels, 4 blocks of width 768 with 12 heads. */
  public static ParcelTransformer defaults() {
    return new ParcelTransformer(1024, new TokenEncoder(768, 4, 12, 3072, 0.1, 0));
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    Patches patches = PatchTable.of(sizes, NAME).parcels(parcels);
    Layer tokenizer =
        Sequence.builder()
            .add("parcels", patches)
            .add("linear", new TokenLinear(patches.count(), patches.size(), encoder.width()))
            .build();
    return encoder.network(tokenizer, patches.count(), sizes);
  }

  @Override
  public NetworkSizes needed(NetworkSizes sizes) {
    return sizes;
  }
}
