package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import io.noesis.reconstruction.diffusion.schedule.Schedule;
import io.noesis.reconstruction.diffusion.schedule.Scheduler;
import io.noesis.reconstruction.pack.MemoryNeed;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.reconstruction.pack.PackCheck;
import io.noesis.reconstruction.pack.StatedSpace;
import io.noesis.run.CancelledException;
import io.noesis.run.FileFingerprints;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.Suggest;
import io.noesis.run.TorchRandom;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A diffusion model of any kind that {@link Families} lists, from a pack of ONNX graphs: prompts or
 * embeddings, classifier-free guidance, any sampler, from noise, from a picture or from latents.
 * The caller closes it. To be used by one thread at a time.
 */
public final class DiffusionPipeline implements ImageGenerator {
  /** Numbers of the sample that go through the network at once: one picture of 64 x 64 x 4. */
  private static final int AT_ONCE = 64 * 64 * 4;

  private final PackParts parts;
  private final Family family;
  private final Autoencoder autoencoder;
  private final Scheduler scheduler;
  private final int channels;
  private final SamplingStart start;
  private final Profile profile;

  private DiffusionPipeline(PackParts parts, Profile profile) {
    this.parts = parts;
    this.profile = profile;
    ModelPack pack = parts.pack();
    this.scheduler = PackSampler.open(pack, profile);
    UnetConfig config = UnetConfig.read(pack);
    this.channels = config.channels();
    this.autoencoder = Autoencoder.open(parts);
    this.start = new SamplingStart(parts, autoencoder, profile, channels, config.side());
    this.family = Families.of(pack.kind(), pack.folder().toString()).open(parts);
  }

  /**
   * Loads a pack, after checking it.
   *
   * @param pack the pack
   * @param options how its graphs are run
   * @return the pipeline, to be closed by the caller
   * @throws ModelException when the pack is not as it promises, makes no pictures, or does not fit
   *     into memory
   */
  public static DiffusionPipeline open(ModelPack pack, OnnxOptions options) {
    return open(pack, options, Profile.USUAL);
  }

  /**
   * Loads a pack, after checking it, to run it as a published system does.
   *
   * @param pack the pack
   * @param options how its graphs are run
   * @param profile what differs from the usual
   * @return the pipeline, to be closed by the caller
   * @throws ModelException when the pack is not as it promises, or makes no pictures
   * @throws RecipeException when the profile is made for another kind of model
   */
  public static DiffusionPipeline open(ModelPack pack, OnnxOptions options, Profile profile) {
    if (!profile.kinds().isEmpty()
        && profile.kinds().stream().noneMatch(name -> Families.isOf(name, pack.kind()))) {
      throw new RecipeException(
          "opening the model pack "
              + pack.folder()
              + ": its kind is '"
              + pack.kind()
              + "', the generator profile is made for "
              + profile.kinds()
              + ". Take another pack, or the profile 'usual'.");
    }
    memory(pack).require();
    PackCheck.requireFiles(pack);
    PackParts parts = new PackParts(pack, options);
    try {
      return new DiffusionPipeline(parts, profile);
    } catch (RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  @Override
  public EmbeddingSpace space() {
    return family.space();
  }

  /** How many vectors one embedding has: 77 of a text, 1 of a pooled vector. */
  public int tokens() {
    return family.tokens();
  }

  @Override
  public SamplingPlan plan() {
    return profile
        .plan()
        .orElseGet(
            () -> SamplingPlan.of((int) parts.number("steps", 20), parts.number("guidance", 5)));
  }

  @Override
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>(StatedSpace.facts(parts.pack()));
    facts.put("scheduler", PackSampler.words(parts.pack(), profile));
    return facts;
  }

  @Override
  public Map<String, List<Integer>> also() {
    return family.also();
  }

  @Override
  public Set<String> needs(SamplingPlan sampling) {
    return family.needs(sampling);
  }

  @Override
  public boolean readsCaptions() {
    return family.text() == Family.Text.BESIDE;
  }

  @Override
  public Optional<ImageGenerator> byCaption() {
    return family.text() == Family.Text.INSTEAD
        ? Optional.of(new ByCaption(this, family.ofEmbeddings()))
        : Optional.empty();
  }

  /** What its pictures should not show, as the profile has it; empty for nothing. */
  public String negative() {
    return profile.negative();
  }

  /** None where its profile shows pictures to the encoder in a way of its own. */
  @Override
  public Optional<EmbeddingSpace> latents() {
    return parts.pack().has("vae_decoder") && profile.startPixels().equals(Profile.SHOWN)
        ? Optional.of(LatentPictures.space(parts.pack(), OptionalInt.empty()))
        : Optional.empty();
  }

  @Override
  public Tensor start(List<PixelImage> pictures) {
    return start.shown(pictures);
  }

  /** The sampler that it runs: the pack's own, or what the profile takes in its place. */
  public Scheduler scheduler() {
    return scheduler;
  }

  @Override
  public void requireKnown(SamplingPlan sampling) {
    refuseUnknown("settings", sampling.settings().keySet(), family.settings());
  }

  @Override
  public Pictures generate(EmbeddingRequest request, Progress progress) {
    return generate(Ask.of(request), scheduler, progress);
  }

  Pictures generate(Ask ask, Progress progress) {
    return generate(ask, scheduler, progress);
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
  public Pictures generate(EmbeddingRequest request, Scheduler sampler, Progress progress) {
    return generate(Ask.of(request), sampler, progress);
  }

  /**
   * Makes pictures of prompts with the pack's own sampler.
   *
   * @param request what to make
   * @param progress hears of every call of the network
   * @return the pictures
   * @throws RecipeException when the model takes no text
   * @throws ModelException when the network gives no finite numbers
   * @throws CancelledException when the thread is interrupted between calls
   */
  public Pictures generate(PictureRequest request, Progress progress) {
    return generate(request, scheduler, progress);
  }

  /**
   * Makes pictures of prompts with another sampler; the same request gives the same bytes again.
   *
   * @param request what to make
   * @param sampler how to sample, set as the network was trained
   * @param progress hears of every call of the network
   * @return the pictures
   * @throws RecipeException when the model takes no text
   * @throws ModelException when the network gives no finite numbers
   * @throws CancelledException when the thread is interrupted between calls
   */
  public Pictures generate(PictureRequest request, Scheduler sampler, Progress progress) {
    return generate(Ask.of(request), sampler, progress);
  }

  /**
   * Whether a pack is of a kind that makes pictures.
   *
   * @param pack the pack
   */
  public static boolean makesPictures(ModelPack pack) {
    return Families.knows(pack.kind());
  }

  /**
   * What a pack takes in memory, estimated before it is loaded.
   *
   * @param pack a pack that {@linkplain #makesPictures makes pictures}
   * @return the estimate
   */
  public static MemoryNeed memory(ModelPack pack) {
    return PackMemory.need(pack);
  }

  /** How many pictures go through the network at once; a property of the pack, not the machine. */
  static int atOnce(UnetConfig config) {
    return Math.max(1, AT_ONCE / (config.channels() * config.side() * config.side()));
  }

  /** A few pictures after the other, so that the memory does not grow with the request. */
  private Pictures generate(Ask ask, Scheduler sampler, Progress progress) {
    requireKnown(ask.plan());
    refuseUnknown("conditions", ask.also().keySet(), family.also().keySet());
    Schedule schedule = sampler.schedule(ask.plan().steps(), ask.plan().strength());
    int atOnce = atOnce(UnetConfig.read(parts.pack()));
    long blocks = (ask.rows() + atOnce - 1L) / atOnce;
    progress.begin(
        "generating " + ask.rows() + " pictures",
        blocks * ((long) schedule.calls() - schedule.begin()));
    List<PixelImage> images = new ArrayList<>();
    List<Tensor> latents = new ArrayList<>();
    for (int from = 0; from < ask.rows(); from += atOnce) {
      Ask some = ask.part(from, Math.min(ask.rows(), from + atOnce));
      Tensor sample = sample(some, schedule, sampler, progress);
      latents.add(sample);
      images.addAll(autoencoder.decode(sample, profile.pixels()));
    }
    progress.done(ask.rows() + " pictures");
    return new Pictures(images, Tensor.concatenate(latents.toArray(Tensor[]::new)));
  }

  private Tensor sample(Ask ask, Schedule schedule, Scheduler sampler, Progress progress) {
    List<NoiseSource> each =
        ask.seeds().stream().map(TorchRandom::seeded).map(NoiseSource::torch).toList();
    Conditioning conditions = without(family.condition(ask, each), each);
    SamplingRun run =
        new SamplingRun(
            schedule,
            denoiser(ask.plan(), conditions, sampler, schedule.calls() - schedule.begin()),
            NoiseSource.rows(each),
            "generating pictures with " + parts.pack().folder());
    return run.from(start.of(ask, schedule, sampler, each), progress);
  }

  private SamplingRun.Denoiser denoiser(
      SamplingPlan plan, Conditioning conditions, Scheduler sampler, int calls) {
    Network network = parts.network();
    boolean both = family.splits(plan);
    var fed = both ? conditions.both() : conditions.alone();
    int[] call = {0};
    return (input, time) -> {
      Tensor shown = both ? Tensor.concatenate(input, input) : input;
      Step step = new Step(shown, time, call[0]++, calls, fed, plan);
      Tensor output = network.predict(shown, time, family.during(step));
      return variance(both ? Guidance.guided(output, channels, plan) : output, sampler);
    };
  }

  /** A predicted variance goes only to samplers that want one. */
  private Tensor variance(Tensor output, Scheduler sampler) {
    return sampler.learnsVariance() ? output : Guidance.first(output, channels);
  }

  private Conditioning without(Conditioning conditions, List<NoiseSource> each) {
    return switch (profile.without()) {
      case OF_THE_MODEL -> conditions;
      case ZEROS -> conditions.replacingWithout(t -> Tensor.zeros(t.shape().toArray()));
      case NOISE ->
          conditions.replacingWithout(t -> NoiseSource.rows(each).normal(t.shape().toArray()));
    };
  }

  private void refuseUnknown(String what, Set<String> given, Set<String> known) {
    for (String name : given) {
      if (!known.contains(name)) {
        throw new RecipeException(
            "generating pictures with "
                + parts.pack().folder()
                + ": of its "
                + what
                + " '"
                + name
                + "' is unknown to the kind "
                + parts.pack().kind()
                + ". "
                + (known.isEmpty()
                    ? "It takes none."
                    : Suggest.sentence(name, known.stream().sorted().toList())));
      }
    }
  }

  @Override
  public String fingerprint() {
    StringBuilder all = new StringBuilder();
    for (var graph : parts.pack().graphs()) {
      all.append(graph.role()).append(FileFingerprints.of(graph.file()));
    }
    all.append(Fingerprint.ofFile(PackSampler.file(parts.pack())));
    Path manifest = parts.pack().folder().resolve(ModelPack.MANIFEST);
    return Fingerprint.ofText(
        all.append(Files.exists(manifest) ? Fingerprint.ofFile(manifest) : "")
            .append(profile.describe())
            .toString());
  }

  /** Releases graphs and tokenizers; later calls do nothing. */
  @Override
  public void close() {
    family.close();
    parts.close();
  }
}
