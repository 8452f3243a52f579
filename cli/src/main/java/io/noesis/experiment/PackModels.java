package io.noesis.experiment;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.ImageEncoder;
import io.noesis.alignment.embedding.ImageTower;
import io.noesis.reconstruction.caption.CaptionRequest;
import io.noesis.reconstruction.caption.Captioner;
import io.noesis.reconstruction.caption.DecodingOptions;
import io.noesis.reconstruction.caption.GraphCaptioner;
import io.noesis.reconstruction.caption.RetrievalCaptioner;
import io.noesis.reconstruction.diffusion.BehindPrior;
import io.noesis.reconstruction.diffusion.DiffusionPipeline;
import io.noesis.reconstruction.diffusion.EmbeddingPrior;
import io.noesis.reconstruction.diffusion.ImageGenerator;
import io.noesis.reconstruction.diffusion.LatentPictures;
import io.noesis.reconstruction.diffusion.OfTokens;
import io.noesis.reconstruction.diffusion.Priors;
import io.noesis.reconstruction.diffusion.Refined;
import io.noesis.reconstruction.embedded.EmbeddedModel;
import io.noesis.reconstruction.embedded.EmbeddedModels;
import io.noesis.reconstruction.embedded.EmbeddedTowers;
import io.noesis.reconstruction.pack.MemoryNeed;
import io.noesis.reconstruction.pack.ModelFolder;
import io.noesis.reconstruction.pack.ModelPack;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Opens models from packs by name: the embedded one, those of the user's folder, or any folder. */
final class PackModels implements MakingModels {
  private final ModelFolder folder;
  private final int threads;
  private final long memory;

  PackModels(ModelFolder folder, int threads) {
    this(folder, threads, MemoryNeed.ofMachine());
  }

  PackModels(ModelFolder folder, int threads, long memory) {
    this.folder = folder;
    this.threads = threads;
    this.memory = memory;
  }

  /** Those of the execution's folder. */
  static PackModels of(Execution execution) {
    long limit = execution.memoryLimitMb();
    return new PackModels(
        execution.places().packs(),
        execution.threads(),
        limit > 0 ? limit << 20 : MemoryNeed.ofMachine());
  }

  @Override
  public ImageGenerator generator(PicturesSpec spec) {
    ModelPack pack = pack(spec.pack(), EmbeddedModel.GENERATOR);
    requireMemory(spec, pack);
    DiffusionPipeline pipeline =
        DiffusionPipeline.open(pack, spec.options(threads), spec.sampling());
    ImageGenerator generator = pipeline;
    try {
      if (pipeline.tokens() > 1) {
        generator = new OfTokens(generator, pipeline.tokens());
      }
      if (spec.prior().isPresent()) {
        generator = behindPrior(spec, spec.prior().get(), generator);
      }
      generator = spec.asked(generator);
      return spec.refine().isEmpty() ? generator : refined(spec, spec.refine().get(), generator);
    } catch (RuntimeException e) {
      generator.close();
      throw e;
    }
  }

  /** All that is open at once: generator, prior and second stage. */
  private void requireMemory(PicturesSpec spec, ModelPack pack) {
    List<MemoryNeed> needs = new ArrayList<>();
    if (DiffusionPipeline.makesPictures(pack)) {
      needs.add(DiffusionPipeline.memory(pack));
    }
    spec.prior().map(prior -> Priors.memory(folder.open(prior.pack()))).ifPresent(needs::add);
    spec.refine()
        .map(refine -> folder.open(refine.pack()))
        .filter(DiffusionPipeline::makesPictures)
        .map(DiffusionPipeline::memory)
        .ifPresent(needs::add);
    MemoryNeed.require(needs, memory);
  }

  private ImageGenerator behindPrior(
      PicturesSpec spec, PriorPackSpec of, ImageGenerator generator) {
    EmbeddingPrior prior = Priors.open(folder.open(of.pack()), spec.options(threads));
    try {
      return new BehindPrior(prior, of.plan(prior.plan()), false, generator);
    } catch (RuntimeException e) {
      prior.close();
      throw e;
    }
  }

  private ImageGenerator refined(PicturesSpec spec, RefineSpec refine, ImageGenerator generator) {
    DiffusionPipeline second =
        DiffusionPipeline.open(
            folder.open(refine.pack()), spec.options(threads), refine.sampling());
    try {
      return new Refined(
          generator,
          spec.prompt() != PicturesSpec.Prompt.NONE,
          second,
          refine.plan(second.plan()),
          refine.negative().or(spec::negative).orElseGet(second::negative));
    } catch (RuntimeException e) {
      second.close();
      throw e;
    }
  }

  @Override
  public LatentPictures latents(TargetsSpec targets, PicturesSpec spec) {
    return LatentPictures.open(
        targets.autoencoder(folder), targets.pixels(), spec.options(threads));
  }

  @Override
  public Optional<PictureTower> tower(PicturesSpec spec, TargetsSpec targets) {
    Optional<ImageTower> tower = spec.tower().or(() -> targets.judge(folder));
    if (tower.isEmpty() && (targets.embedded() || spec.pack().equals(TargetsSpec.EMBEDDED))) {
      return Optional.of(
          PictureTower.of(EmbeddedTowers.open(EmbeddedModels.usual(), spec.options(1))));
    }
    return tower.map(t -> PictureTower.of(ImageEncoder.open(t, spec.options(1))));
  }

  @Override
  public String stating(String pack, Optional<TargetsSpec> targets, EmbeddingSpace decoded) {
    String command = MakingModels.super.stating(pack, targets, decoded);
    return folder.equals(ModelPlaces.usual().packs())
        ? command
        : command + " --models-dir " + MakingModels.quoted(folder.root().toString());
  }

  private ModelPack pack(String name, EmbeddedModel embedded) {
    return name.equals(TargetsSpec.EMBEDDED)
        ? EmbeddedModels.usual().open(embedded)
        : folder.open(name);
  }

  @Override
  public Captioner captioner(CaptionsSpec spec, Embeddings training, Map<String, String> captions) {
    if (spec.retrieves()) {
      return RetrievalCaptioner.of(training, captions);
    }
    DecodingOptions usual = DecodingOptions.threads(threads);
    DecodingOptions options =
        new DecodingOptions(spec.options(threads), usual.rowsTogether(), usual.past());
    ModelPack pack = pack(spec.pack(), EmbeddedModel.CAPTIONER);
    CaptionRequest request = new CaptionRequest(spec.wordSearch(), spec.maxTokens(), 0);
    MemoryNeed.require(List.of(GraphCaptioner.memory(pack, options, request)), memory);
    return GraphCaptioner.open(pack, options);
  }
}
