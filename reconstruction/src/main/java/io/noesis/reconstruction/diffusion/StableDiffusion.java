package io.noesis.reconstruction.diffusion;

import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import io.noesis.reconstruction.diffusion.schedule.SamplerState;
import io.noesis.reconstruction.diffusion.schedule.Schedule;
import io.noesis.reconstruction.diffusion.schedule.Scheduler;
import io.noesis.reconstruction.diffusion.schedule.Schedulers;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.reconstruction.pack.PackCheck;
import io.noesis.run.CancelledException;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.TorchRandom;
import io.noesis.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Stable Diffusion 1 and 2 (Rombach et al. 2022, doi:10.1109/CVPR52688.2022.01042) from a pack of
 * ONNX graphs: prompts, classifier-free guidance, any sampler, from noise or from a picture. The
 * caller closes it. To be used by one thread at a time.
 */
public final class StableDiffusion implements AutoCloseable {
  private final Deque<OnnxModel> open;
  private final ModelPack pack;
  private final PromptEncoder prompts;
  private final Network network;
  private final Autoencoder autoencoder;
  private final Scheduler scheduler;
  private final int channels;
  private final int latentSide;

  private StableDiffusion(ModelPack pack, OnnxOptions options, Deque<OnnxModel> open) {
    this.pack = pack;
    this.open = open;
    double scale = pack.vaeScale();
    this.scheduler = Schedulers.read(pack.file("scheduler/scheduler_config.json"));
    UnetConfig config = UnetConfig.read(pack);
    this.channels = config.channels();
    this.latentSide = config.side();
    OnnxModel unet = load("unet", options);
    Optional<OnnxModel> encoder =
        pack.has("vae_encoder") ? Optional.of(load("vae_encoder", options)) : Optional.empty();
    this.autoencoder = new Autoencoder(encoder, load("vae_decoder", options), scale);
    this.network = new Network(unet);
    OnnxModel text = load("text_encoder", options);
    config.requireWidth(text, pack);
    this.prompts = PromptEncoder.open(pack, text);
  }

  /**
   * Loads a pack, after checking it.
   *
   * @param pack the pack
   * @param options how its graphs are run
   * @return the pipeline, to be closed by the caller
   * @throws ModelException when the pack is not as it promises, or of another kind
   */
  public static StableDiffusion open(ModelPack pack, OnnxOptions options) {
    PackCheck.require(pack, Progress.NONE);
    Deque<OnnxModel> open = new ArrayDeque<>();
    try {
      return new StableDiffusion(pack, options, open);
    } catch (RuntimeException e) {
      open.forEach(OnnxModel::close);
      throw e;
    }
  }

  private OnnxModel load(String role, OnnxOptions options) {
    OnnxModel model = OnnxModel.open(pack.graph(role).file(), options);
    open.push(model);
    return model;
  }

  /** The sampler that the pack comes with. */
  public Scheduler scheduler() {
    return scheduler;
  }

  /**
   * Makes pictures with the pack's own sampler.
   *
   * @param request what to make
   * @param progress hears of every call of the network
   * @return the pictures
   * @throws ModelException when the network gives no finite numbers
   * @throws CancelledException when the thread is interrupted between calls
   */
  public Pictures generate(PictureRequest request, Progress progress) {
    return generate(request, scheduler, progress);
  }

  /**
   * Makes pictures with another sampler; the same request gives the same bytes again.
   *
   * @param request what to make
   * @param sampler how to sample, set as the network was trained
   * @param progress hears of every call of the network
   * @return the pictures
   * @throws ModelException when the network gives no finite numbers
   * @throws CancelledException when the thread is interrupted between calls
   */
  public Pictures generate(PictureRequest request, Scheduler sampler, Progress progress) {
    SamplingPlan plan = request.plan();
    Schedule schedule = sampler.schedule(plan.steps(), plan.strength());
    Tensor context = context(request);
    List<NoiseSource> each =
        request.seeds().stream().map(TorchRandom::seeded).map(NoiseSource::torch).toList();
    NoiseSource noise = NoiseSource.rows(each);
    SamplerState state = schedule.start(start(request, schedule, each));
    progress.begin(
        "generating " + request.prompts().size() + " pictures",
        (long) schedule.calls() - schedule.begin());
    while (!schedule.finished(state)) {
      if (Thread.interrupted()) {
        throw new CancelledException(
            "generating pictures was interrupted at call "
                + state.call()
                + " of "
                + schedule.calls());
      }
      Tensor input = schedule.modelInput(state);
      float time = schedule.timestep(state.call());
      Tensor output =
          plan.isGuided()
              ? Guidance.guided(
                  network.predict(Tensor.concatenate(input, input), time, context), plan)
              : network.predict(input, time, context);
      requireFinite(output, state);
      state = schedule.step(state, output, noise);
      progress.step(1);
    }
    progress.done(request.prompts().size() + " pictures");
    return new Pictures(autoencoder.decode(state.sample()), state.sample());
  }

  /** The unconditional rows first where there is guidance. */
  private Tensor context(PictureRequest request) {
    List<String> texts = new ArrayList<>();
    if (request.plan().isGuided()) {
      texts.addAll(Collections.nCopies(request.prompts().size(), request.negative()));
    }
    texts.addAll(request.prompts());
    return prompts.encode(texts);
  }

  private Tensor start(PictureRequest request, Schedule schedule, List<NoiseSource> each) {
    int rows = request.prompts().size();
    if (request.start().isEmpty()) {
      double deviation = schedule.initialNoise();
      return NoiseSource.rows(each)
          .normal(rows, channels, latentSide, latentSide)
          .map(v -> v * deviation);
    }
    if (!pack.has("vae_encoder")) {
      throw new RecipeException(
          "starting from a picture: the model pack "
              + pack.folder()
              + " has no vae_encoder. Export it with one, or set strength to 1.");
    }
    List<Tensor> clean = new ArrayList<>();
    Tensor pictures = request.start().get();
    for (int row = 0; row < rows; row++) {
      Tensor picture = pictures.rows(new int[] {pictures.dim(0) == 1 ? 0 : row});
      clean.add(autoencoder.encode(picture, each.get(row)));
    }
    Tensor latents = Tensor.concatenate(clean.toArray(Tensor[]::new));
    return schedule.noised(latents, NoiseSource.rows(each).normal(latents.shape().toArray()));
  }

  private void requireFinite(Tensor output, SamplerState state) {
    for (float value : output.array()) {
      if (!Float.isFinite(value)) {
        throw new ModelException(
            "generating pictures with "
                + pack.folder()
                + ": at call "
                + (state.call() + 1)
                + " the network gives "
                + value
                + ", expected finite numbers. "
                + (state.taken() == 0
                    ? "At the first call the likely cause is attention in float16: export the"
                        + " network in float32."
                    : "Lower the guidance, or check that the sampler's prediction_type is the"
                        + " model's."));
      }
    }
  }

  /** Releases graphs and tokenizer; later calls do nothing. */
  @Override
  public void close() {
    prompts.close();
    open.forEach(OnnxModel::close);
  }
}
