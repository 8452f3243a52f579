package io.noesis.experiment;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.ImageEncoder;
import io.noesis.alignment.embedding.ImageTower;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.reconstruction.caption.Captioner;
import io.noesis.reconstruction.caption.DecodingOptions;
import io.noesis.reconstruction.caption.GraphCaptioner;
import io.noesis.reconstruction.caption.RetrievalCaptioner;
import io.noesis.reconstruction.diffusion.DiffusionPipeline;
import io.noesis.reconstruction.diffusion.ImageGenerator;
import io.noesis.reconstruction.embedded.EmbeddedModel;
import io.noesis.reconstruction.embedded.EmbeddedModels;
import io.noesis.reconstruction.embedded.EmbeddedTowers;
import io.noesis.reconstruction.pack.ModelFolder;
import io.noesis.reconstruction.pack.ModelPack;
import java.util.Map;
import java.util.Optional;

/** Opens models from packs by name: the embedded one, those of the user's folder, or any folder. */
final class PackModels implements MakingModels {
  private final ModelFolder folder;
  private final int threads;

  PackModels(ModelFolder folder, int threads) {
    this.folder = folder;
    this.threads = threads;
  }

  /** Those of the execution's folder. */
  static PackModels of(Execution execution) {
    return new PackModels(execution.places().packs(), execution.threads());
  }

  @Override
  public ImageGenerator generator(PicturesSpec spec) {
    return DiffusionPipeline.open(
        pack(spec.pack(), EmbeddedModel.GENERATOR), new OnnxOptions(threads));
  }

  @Override
  public Optional<PictureTower> tower(PicturesSpec spec, TargetsSpec targets) {
    Optional<ImageTower> tower = spec.tower().or(targets::image);
    if (tower.isEmpty() && (targets.embedded() || spec.pack().equals(TargetsSpec.EMBEDDED))) {
      return Optional.of(PictureTower.of(EmbeddedTowers.open(EmbeddedModels.usual())));
    }
    return tower.map(t -> PictureTower.of(ImageEncoder.open(t)));
  }

  private ModelPack pack(String name, EmbeddedModel embedded) {
    return name.equals(TargetsSpec.EMBEDDED)
        ? EmbeddedModels.usual().open(embedded)
        : folder.open(name);
  }

  @Override
  public Captioner captioner(CaptionsSpec spec, Embeddings training, Map<String, String> captions) {
    return spec.retrieves()
        ? RetrievalCaptioner.of(training, captions)
        : GraphCaptioner.open(
            pack(spec.pack(), EmbeddedModel.CAPTIONER), DecodingOptions.threads(threads));
  }
}
