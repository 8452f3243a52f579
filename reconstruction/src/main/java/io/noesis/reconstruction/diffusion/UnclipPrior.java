package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.TokenBatch;
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
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The prior of unCLIP (Ramesh et al. 2022, arXiv:2204.06125, section 2.2; Karlo, Kandinsky 2.2): a
 * transformer over the text's states, the text's embedding, the step and the noisy image embedding,
 * which predicts the clean one. Guided away from an empty or negative text. Given an embedding
 * alone, the states are those of its caption, or of an empty text.
 */
final class UnclipPrior implements EmbeddingPrior {
  private static final String EMBEDDING = "proj_embedding";
  private static final String STATES = "encoder_hidden_states";
  private static final String MASK = "attention_mask";
  private static final String PREDICTION = "predicted_image_embedding";
  private static final String NOISY = "hidden_states";

  private final ModelPack pack;
  private final OnnxModel network;
  private final OnnxModel text;
  private final PromptEncoder prompts;
  private final Scheduler scheduler;
  private final Tensor mean;
  private final Tensor deviation;
  private final EmbeddingSpace given;
  private final EmbeddingSpace space;
  private final Deque<Runnable> closing;

  private UnclipPrior(ModelPack pack, OnnxOptions options, Deque<Runnable> closing) {
    this.pack = pack;
    this.closing = closing;
    this.network = PackCheck.open(pack, "prior", options);
    closing.push(network::close);
    this.text = PackCheck.open(pack, "text_encoder", options);
    closing.push(text::close);
    this.prompts = PromptEncoder.open(pack.file("tokenizer"), text);
    closing.push(prompts::close);
    this.scheduler = Schedulers.read(pack.file("scheduler/scheduler_config.json"));
    try (Safetensors file = Safetensors.open(pack.file("image_statistics.safetensors"))) {
      this.mean = file.read("mean");
      this.deviation = file.read("std");
    }
    int width = width(EMBEDDING);
    ModelSpace told =
        pack.manifest()
            .flatMap(ModelManifest::space)
            .orElseThrow(() -> refused("its manifest declares no space of what it draws"));
    if (mean.size() != told.dimension()
        || deviation.size() != told.dimension()
        || width(NOISY) != told.dimension()) {
      throw refused(
          "its manifest declares embeddings of "
              + told.dimension()
              + " numbers, its graph draws "
              + width(NOISY)
              + " and its image_statistics.safetensors has "
              + mean.size());
    }
    this.space =
        new EmbeddingSpace(
            told.model(), told.layer(), told.dimension(), EmbeddingSpace.Scaling.RAW);
    this.given =
        new EmbeddingSpace(
            fact("given-model", String.valueOf(pack.folder().getFileName())),
            fact("given-layer", "text_embeds"),
            width,
            EmbeddingSpace.Scaling.RAW);
  }

  private String fact(String name, String otherwise) {
    return pack.manifest().map(m -> m.facts().get(name)).orElse(otherwise);
  }

  static UnclipPrior open(ModelPack pack, OnnxOptions options) {
    Deque<Runnable> closing = new ArrayDeque<>();
    try {
      return new UnclipPrior(pack, options, closing);
    } catch (RuntimeException e) {
      closing.forEach(Runnable::run);
      throw e;
    }
  }

  private int width(String input) {
    OnnxPort port =
        network.inputs().stream()
            .filter(p -> p.name().equals(input))
            .findFirst()
            .orElseThrow(() -> refused("its graph prior has no input '" + input + "'"));
    long size = port.rank() == 0 ? -1 : port.axes().get(port.rank() - 1).size();
    if (size <= 0) {
      throw refused("its graph's input '" + port + "' does not say how many numbers it takes");
    }
    return (int) size;
  }

  private ModelException refused(String why) {
    return new ModelException(
        "opening the prior "
            + pack.folder()
            + ": "
            + why
            + ". Export it with reconstruction/export/unclip_prior.py.");
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
  public boolean readsCaptions() {
    return true;
  }

  @Override
  public SamplingPlan plan() {
    return SamplingPlan.of(
        (int) PackParts.number(pack, "steps", 25), PackParts.number(pack, "guidance", 4));
  }

  @Override
  public void requireKnown(SamplingPlan drawing) {
    PriorAsk.check(pack, drawing, Map.of(), Set.of());
  }

  @Override
  public Tensor draw(EmbeddingRequest request, Progress progress) {
    return draw(Ask.of(request), progress, sample -> {});
  }

  @Override
  public Tensor draw(PictureRequest request, Progress progress) {
    return draw(Ask.of(request), progress, sample -> {});
  }

  /** The same; every sample after a step is heard of. */
  Tensor draw(Ask ask, Progress progress, Consumer<Tensor> samples) {
    SamplingPlan plan = ask.plan();
    PriorAsk.check(pack, plan, ask.also(), Set.of());
    Map<String, OnnxInput> inputs = inputs(ask);
    PriorRun run =
        new PriorRun(pack, scheduler.schedule(plan.steps()), ask.seeds(), List.of(space.dim()));
    Tensor drawn =
        run.draw(
            (input, time) -> {
              inputs.put("timestep", OnnxInput.of(new long[] {(long) time}));
              inputs.put(
                  NOISY, OnnxInput.of(plan.isGuided() ? Tensor.concatenate(input, input) : input));
              Tensor output = Network.only(network.run(inputs, List.of(PREDICTION)), PREDICTION);
              return plan.isGuided() ? Guidance.guided(output, space.dim(), plan) : output;
            },
            progress,
            samples);
    float[] out = new float[drawn.size()];
    for (int i = 0; i < out.length; i++) {
      int column = i % space.dim();
      out[i] = drawn.array()[i] * deviation.array()[column] + mean.array()[column];
    }
    return Tensor.wrap(out, ask.rows(), space.dim());
  }

  private Map<String, OnnxInput> inputs(Ask ask) {
    List<String> said =
        ask.captions().isEmpty() ? Collections.nCopies(ask.rows(), "") : ask.captions();
    TokenBatch tokens = prompts.tokens(said);
    Map<String, Tensor> found = encoded(tokens);
    Tensor embedding =
        ask.embeddings().isPresent()
            ? Wanted.embeddings(ask, given, 2)
            : Network.only(found, "text_embeds");
    Tensor states = Network.only(found, "last_hidden_state");
    long[] mask = tokens.attention();
    if (ask.isGuided()) {
      TokenBatch none = prompts.tokens(Collections.nCopies(ask.rows(), ask.negative()));
      Map<String, Tensor> without = encoded(none);
      embedding = Tensor.concatenate(Network.only(without, "text_embeds"), embedding);
      states = Tensor.concatenate(Network.only(without, "last_hidden_state"), states);
      long[] both = new long[2 * mask.length];
      System.arraycopy(none.attention(), 0, both, 0, mask.length);
      System.arraycopy(mask, 0, both, mask.length, mask.length);
      mask = both;
    }
    Map<String, OnnxInput> inputs = new LinkedHashMap<>();
    inputs.put(EMBEDDING, OnnxInput.of(embedding));
    inputs.put(STATES, OnnxInput.of(states));
    inputs.put(MASK, OnnxInput.of(mask, states.dim(0), states.dim(1)));
    return inputs;
  }

  private Map<String, Tensor> encoded(TokenBatch tokens) {
    return Objects.requireNonNull(
        prompts.encode(tokens, List.of("text_embeds", "last_hidden_state")));
  }

  @Override
  public String fingerprint() {
    return Fingerprint.ofText(
        network.fingerprint()
            + text.fingerprint()
            + Fingerprint.ofFile(pack.file("scheduler/scheduler_config.json"))
            + Fingerprint.ofFile(pack.file("image_statistics.safetensors")));
  }

  @Override
  public void close() {
    closing.forEach(Runnable::run);
  }
}
