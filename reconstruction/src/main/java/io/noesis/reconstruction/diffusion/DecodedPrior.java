package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.ingest.manifest.ModelManifest;
import io.noesis.ingest.manifest.ModelSpace;
import io.noesis.reconstruction.diffusion.schedule.Scheduler;
import io.noesis.reconstruction.diffusion.schedule.Schedulers;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.reconstruction.pack.PackCheck;
import io.noesis.reconstruction.pack.StatedSpace;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The prior of a published system (MindEye, Scotti et al. 2023, arXiv:2305.18274; MindEye2,
 * arXiv:2403.11207; ATM, Li et al. 2024, arXiv:2403.07721): what was decoded of a stimulus to an
 * embedding that the stimulus is likely to have, by the sampler that the pack comes with. Graph
 * {@code prior}: {@code noisy} and {@code condition} {@code [rows, (tokens,) dim]}, {@code
 * timestep} and {@code keep} {@code [rows, 1]} to {@code prediction}; {@code keep} is 0 where the
 * condition is left out. What is drawn is multiplied by the fact {@code scale}, and tokens of the
 * scaling {@code pooled} are divided by the length of the first.
 */
final class DecodedPrior implements EmbeddingPrior {
  private static final String ROLE = "prior";
  private static final String NOISY = "noisy";
  private static final String CONDITION = "condition";
  private static final String PREDICTION = "prediction";
  private static final String SETTINGS = "scheduler/scheduler_config.json";

  private final ModelPack pack;
  private final OnnxModel network;
  private final Scheduler scheduler;
  private final EmbeddingSpace given;
  private final EmbeddingSpace space;
  private final int[] drawn;
  private final int[] condition;
  private final double scale;

  private DecodedPrior(ModelPack pack, OnnxModel network) {
    this.pack = pack;
    this.network = network;
    this.scheduler = Schedulers.read(pack.file(SETTINGS));
    this.drawn = axes(NOISY);
    this.condition = axes(CONDITION);
    ModelSpace told =
        pack.manifest()
            .flatMap(ModelManifest::space)
            .orElseThrow(() -> refused("its manifest declares no space of what it draws"));
    if (size(drawn) != told.tokens() * told.dimension()) {
      throw refused(
          "its manifest declares "
              + told.tokens()
              + " x "
              + told.dimension()
              + " numbers, its graph draws "
              + Arrays.toString(drawn));
    }
    this.scale = PackParts.number(pack, "scale", 1);
    EmbeddingSpace.Scaling scaling = PriorPack.scaling(pack);
    this.space = new EmbeddingSpace(told.model(), told.layer(), size(drawn), scaling);
    this.given =
        new EmbeddingSpace(
            PriorPack.fact(pack, PriorPack.GIVEN_MODEL, told.model()),
            PriorPack.fact(pack, PriorPack.GIVEN_LAYER, told.layer()),
            size(condition),
            scaling);
  }

  static DecodedPrior open(ModelPack pack, OnnxOptions options) {
    OnnxModel network = PackCheck.open(pack, ROLE, options);
    try {
      return new DecodedPrior(pack, network);
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  /** The axes of one row of an input; all must be known. */
  private int[] axes(String input) {
    OnnxPort port = network.input(input);
    List<OnnxPort.Axis> all = port.axes();
    if (port.rank() < 2 || all.stream().skip(1).anyMatch(axis -> axis.size() <= 0)) {
      throw refused("its graph's input '" + port + "' does not say how many numbers a row has");
    }
    return all.stream().skip(1).mapToInt(axis -> Math.toIntExact(axis.size())).toArray();
  }

  private static int size(int[] axes) {
    return IntStream.of(axes).reduce(1, Math::multiplyExact);
  }

  private ModelException refused(String why) {
    return new ModelException(
        "opening the prior "
            + pack.folder()
            + ": "
            + why
            + ". Export it with reconstruction/export/decoded_prior.py.");
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
    return SamplingPlan.of(
        (int) PackParts.number(pack, "steps", 20), PackParts.number(pack, "guidance", 1));
  }

  @Override
  public void requireKnown(SamplingPlan drawing) {
    PriorAsk.check(pack, drawing, Map.of(), Set.of());
  }

  @Override
  public Tensor draw(EmbeddingRequest request, Progress progress) {
    return draw(request, progress, sample -> {});
  }

  @Override
  public Tensor draw(PictureRequest request, Progress progress) {
    throw PriorAsk.texts(pack, given);
  }

  /** The same; every sample after a step is heard of, as the network knows it. */
  Tensor draw(EmbeddingRequest request, Progress progress, Consumer<Tensor> samples) {
    SamplingPlan plan = request.plan();
    PriorAsk.check(pack, plan, request.also(), Set.of());
    Tensor rows = PriorAsk.rows(pack, request, given);
    int count = rows.dim(0);
    PriorRun run =
        new PriorRun(
            pack,
            scheduler.schedule(plan.steps()),
            request.seeds(),
            IntStream.of(drawn).boxed().toList());
    Tensor found =
        scaled(run.draw(denoiser(rows.reshape(shape(count, condition)), plan), progress, samples));
    return rows.shape().rank() == 2 ? found.reshape(count, space.dim()) : found;
  }

  private SamplingRun.Denoiser denoiser(Tensor rows, SamplingPlan plan) {
    boolean both = plan.isGuided();
    int count = rows.dim(0);
    float[] keep = new float[both ? 2 * count : count];
    Arrays.fill(keep, keep.length - count, keep.length, 1);
    Map<String, OnnxInput> inputs = new LinkedHashMap<>();
    inputs.put(CONDITION, OnnxInput.of(both ? Tensor.concatenate(rows, rows) : rows));
    inputs.put("keep", OnnxInput.of(Tensor.wrap(keep, keep.length, 1)));
    return (input, time) -> {
      float[] times = new float[keep.length];
      Arrays.fill(times, time);
      inputs.put("timestep", OnnxInput.of(Tensor.wrap(times, times.length, 1)));
      inputs.put(NOISY, OnnxInput.of(both ? Tensor.concatenate(input, input) : input));
      Tensor output = Network.only(network.run(inputs, List.of(PREDICTION)), PREDICTION);
      return both ? Guidance.guided(output, drawn[0], plan) : output;
    };
  }

  private Tensor scaled(Tensor found) {
    Tensor out = found.map(v -> v * scale);
    return space.scaling() == EmbeddingSpace.Scaling.POOLED ? FirstToken.divided(out) : out;
  }

  private static int[] shape(int rows, int[] axes) {
    return IntStream.concat(IntStream.of(rows), IntStream.of(axes)).toArray();
  }

  @Override
  public String fingerprint() {
    return Fingerprint.ofText(
        network.fingerprint()
            + Fingerprint.ofFile(pack.file(SETTINGS))
            + Fingerprint.ofFile(pack.file(ModelPack.MANIFEST)));
  }

  @Override
  public void close() {
    network.close();
  }
}
