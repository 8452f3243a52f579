package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.prior.KeptPrior;
import io.noesis.alignment.prior.RowNoise;
import io.noesis.alignment.prior.Sampling;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.ingest.manifest.ModelManifest;
import io.noesis.ingest.manifest.ModelSpace;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.reconstruction.pack.PackCheck;
import io.noesis.reconstruction.pack.StatedSpace;
import io.noesis.run.CancelledException;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.run.TorchRandom;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A prior that was trained behind decoders, from its pack ({@link PriorPack} writes it): draws
 * embeddings that are likely to be those of stimuli, given what was decoded of them. The noise of a
 * row is that of PyTorch's CPU generator of its seed.
 */
final class TrainedPrior implements EmbeddingPrior {
  /** How much fresh noise a step gets: the name of the fact and of a plan's setting. */
  static final String ETA = "eta";

  private final ModelPack pack;
  private final KeptPrior prior;
  private final OnnxModel model;
  private final EmbeddingSpace given;
  private final EmbeddingSpace space;

  private TrainedPrior(ModelPack pack, KeptPrior prior, OnnxModel model) {
    this.pack = pack;
    this.prior = prior;
    this.model = model;
    ModelSpace told =
        pack.manifest()
            .flatMap(ModelManifest::space)
            .orElseThrow(() -> refused("its manifest declares no space of what it draws"));
    int drawn = size(prior.sizes().embedding());
    if (drawn != told.tokens() * told.dimension()) {
      throw refused(
          "its manifest declares "
              + told.tokens()
              + " x "
              + told.dimension()
              + " numbers, its graph draws "
              + prior.sizes().embedding());
    }
    EmbeddingSpace.Scaling scaling = PriorPack.scaling(pack);
    this.space = new EmbeddingSpace(told.model(), told.layer(), drawn, scaling);
    this.given =
        new EmbeddingSpace(
            PriorPack.fact(pack, PriorPack.GIVEN_MODEL, told.model()),
            PriorPack.fact(pack, PriorPack.GIVEN_LAYER, told.layer()),
            size(prior.sizes().condition()),
            scaling);
  }

  static TrainedPrior open(ModelPack pack, OnnxOptions options) {
    KeptPrior prior = KeptPrior.read(pack.graph(PriorPack.ROLE).file());
    OnnxModel model = PackCheck.open(pack, PriorPack.ROLE, options);
    try {
      return new TrainedPrior(pack, prior, model);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static int size(List<Integer> axes) {
    return axes.stream().reduce(1, Math::multiplyExact);
  }

  private ModelException refused(String why) {
    return new ModelException(
        "opening the prior " + pack.folder() + ": " + why + ". Export the run again.");
  }

  @Override
  public EmbeddingSpace given() {
    return given;
  }

  @Override
  public EmbeddingSpace space() {
    return space;
  }

  @Override
  public Map<String, String> facts() {
    return StatedSpace.facts(pack);
  }

  @Override
  public SamplingPlan plan() {
    Sampling usual = Sampling.defaults();
    return SamplingPlan.of(
            (int) PackParts.number(pack, "steps", usual.steps()),
            PackParts.number(pack, "guidance", usual.guidance()))
        .with(Map.of(ETA, PackParts.number(pack, ETA, usual.eta())));
  }

  @Override
  public void requireKnown(SamplingPlan drawing) {
    PriorAsk.check(pack, drawing, Map.of(), Set.of(ETA));
  }

  @Override
  public Tensor draw(EmbeddingRequest request, Progress progress) {
    SamplingPlan plan = request.plan();
    PriorAsk.check(pack, plan, request.also(), Set.of(ETA));
    Tensor rows = PriorAsk.rows(pack, request, given);
    int count = rows.dim(0);
    Sampling sampling = new Sampling(plan.steps(), plan.guidance(), plan.setting(ETA, 0));
    List<RowNoise> noise = request.seeds().stream().map(TrainedPrior::noise).toList();
    progress.begin("drawing " + count + " embeddings", (long) count * prior.steps(sampling));
    Tensor drawn =
        prior.sample(
            model,
            rows.reshape(shape(count, prior.sizes().condition())),
            sampling,
            noise,
            () -> {
              requireNotInterrupted();
              progress.step(1);
            });
    progress.done(count + " embeddings");
    requireFinite(drawn);
    return rows.shape().rank() == 2 ? drawn.reshape(count, space.dim()) : drawn;
  }

  private static int[] shape(int rows, List<Integer> axes) {
    int[] shape = new int[axes.size() + 1];
    shape[0] = rows;
    for (int i = 0; i < axes.size(); i++) {
      shape[i + 1] = axes.get(i);
    }
    return shape;
  }

  private static RowNoise noise(long seed) {
    TorchRandom random = TorchRandom.seeded(seed);
    return count -> {
      float[] narrow = random.normal(count);
      double[] wide = new double[count];
      for (int i = 0; i < count; i++) {
        wide[i] = narrow[i];
      }
      return wide;
    };
  }

  private void requireNotInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancelledException("drawing embeddings with " + pack.folder() + " was cancelled");
    }
  }

  private void requireFinite(Tensor drawn) {
    for (float value : drawn.array()) {
      if (!Float.isFinite(value)) {
        throw new ModelException(
            "drawing embeddings with "
                + pack.folder()
                + ": it drew "
                + value
                + ". Check that what goes in was decoded as in the prior's run.");
      }
    }
  }

  @Override
  public Tensor draw(PictureRequest request, Progress progress) {
    throw PriorAsk.texts(pack, given);
  }

  @Override
  public String fingerprint() {
    return model.fingerprint();
  }

  @Override
  public void close() {
    model.close();
  }
}
