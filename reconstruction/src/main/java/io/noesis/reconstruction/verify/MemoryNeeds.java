package io.noesis.reconstruction.verify;

import io.noesis.reconstruction.caption.GraphCaptioner;
import io.noesis.reconstruction.diffusion.DiffusionPipeline;
import io.noesis.reconstruction.diffusion.Priors;
import io.noesis.reconstruction.pack.MemoryNeed;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.reconstruction.pack.Towers;
import java.util.List;

/** What a pack of any kind takes in memory, estimated from its files. */
public final class MemoryNeeds {
  private MemoryNeeds() {}

  /**
   * The estimates for a pack, each for one way to use it; nothing is loaded.
   *
   * @param pack the pack
   * @return of a generator, captioner or prior one; of towers one each; empty for graphs of which
   *     nobody knows how they are run
   */
  public static List<MemoryNeed> of(ModelPack pack) {
    if (pack.kind().equals("caption")) {
      return List.of(GraphCaptioner.memory(pack));
    }
    if (Priors.registry().names().contains(pack.kind())) {
      return List.of(Priors.memory(pack));
    }
    return DiffusionPipeline.makesPictures(pack)
        ? List.of(DiffusionPipeline.memory(pack))
        : Towers.memory(pack);
  }
}
