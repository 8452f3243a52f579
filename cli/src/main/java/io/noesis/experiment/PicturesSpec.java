package io.noesis.experiment;

import io.noesis.alignment.embedding.ImageTower;
import io.noesis.alignment.score.Condition;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.reconstruction.diffusion.ImageGenerator;
import io.noesis.reconstruction.diffusion.Profile;
import io.noesis.reconstruction.diffusion.Profiles;
import io.noesis.reconstruction.diffusion.SamplingPlan;
import io.noesis.reconstruction.diffusion.schedule.SchedulerKind;
import io.noesis.reconstruction.diffusion.schedule.Schedulers;
import io.noesis.reconstruction.diffusion.schedule.Spacing;
import io.noesis.run.Check;
import io.noesis.run.RecipeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Pictures made from decoded embeddings. What is given here wins over the profile, and the profile
 * over the pack; the report says where the two differ.
 *
 * @param pack the generator: {@code embedded}, a pack of {@code noesis models list}, or a folder
 * @param prior a pack of {@code noesis describe priors} that runs before the generator, with its
 *     steps, guidance, settings and seed: what is decoded is then an embedding of its space, for
 *     example of texts. The name of the pack alone takes the rest as the pack has it
 * @param profile how a published system runs its generator: a name of {@code noesis describe
 *     profiles}
 * @param scheduler the sampler: a name of {@code noesis describe samplers}; the profile's or the
 *     pack's where absent
 * @param spacing which steps of training a run visits: leading, trailing, linspace, sgm
 * @param steps of sampling
 * @param guidance how far predictions are pushed from the unconditional ones
 * @param strength below 1 a run starts from a picture with so much of the noise; see {@code start}
 * @param start what it starts from: noise; the picture of the training stimulus nearest to the
 *     embedding that a picture is made of; or the latents that the recipe decodes as {@code
 *     also.low-level}
 * @param settings further numbers that the kind of model knows: noise-level, mix, class-token,
 *     image-scale, control-scale, control-start, control-end
 * @param candidates pictures per embedding, of which the one is kept that an image tower of the
 *     generator's space sees closest to that embedding; 1 keeps what comes
 * @param refine a second stage after the generator
 * @param prompt what the caption that the run made of the same embedding is to generator and prior:
 *     none; caption, the text that they read beside the embedding; caption-alone, all that they are
 *     given (text-to-image). A caption of the true picture is never one
 * @param negative what pictures should not show: the text of the unconditional half, of the
 *     generator, its prior and the second stage where they read text; the profile's where absent
 * @param blend the share that a low-level picture has in the last one, between 0 and 1; none where
 *     absent. It is the one that the recipe decodes as {@code also.low-level}, as MindEye2 does
 *     (0.25), and where it decodes none that of the training stimulus nearest to the embedding
 * @param stretch what is done to the length of decoded embeddings before
 * @param stimuli how many test stimuli, drawn by the seed; 0 for all
 * @param seed of pictures; the recipe's where absent. One per stimulus follows from it, the same
 *     for all conditions
 * @param conditions what pictures are made from; leaving one out is seen in the report
 * @param tower the image model that compares made with shown pictures; the pack's or the targets'
 *     own where absent
 * @param device where generator and tower run: cpu, cuda, tensorrt, coreml, directml, with {@code
 *     :n} for another card than the first
 */
public record PicturesSpec(
    String pack,
    Optional<PriorPackSpec> prior,
    String profile,
    Optional<String> scheduler,
    Optional<Spacing> spacing,
    OptionalInt steps,
    OptionalDouble guidance,
    OptionalDouble strength,
    Start start,
    Map<String, Double> settings,
    OptionalInt candidates,
    Optional<RefineSpec> refine,
    Prompt prompt,
    Optional<String> negative,
    OptionalDouble blend,
    Stretch stretch,
    int stimuli,
    OptionalLong seed,
    List<Condition> conditions,
    Optional<ImageTower> tower,
    String device) {
  /** What a run starts from. */
  public enum Start {
    /** Noise alone. */
    NOISE,
    /** The picture of the nearest training stimulus, as deep in noise as the strength says. */
    NEAREST,
    /** The decoded low-level latents, as deep in noise as the strength says. */
    DECODED
  }

  /** What a caption that was made is to the generator. */
  public enum Prompt {
    /** Nothing. */
    NONE,
    /** The text that it reads beside the embedding. */
    CAPTION,
    /** All that it is given. */
    CAPTION_ALONE
  }

  /** Checks names and numbers and copies the collections. */
  public PicturesSpec {
    conditions = List.copyOf(conditions);
    settings = Map.copyOf(settings);
    Profiles.registry().get(profile);
    Optional<SchedulerKind> kind = scheduler.map(Schedulers.registry()::get);
    if (spacing.isPresent() && kind.isPresent() && !kind.get().usesSpacing()) {
      throw kind.get().refusedSpacing("reading the section pictures");
    }
    new OnnxOptions(1).on(device);
    Check.argument(steps.orElse(1) > 0, "steps must be at least 1, found %d", steps.orElse(1));
    Check.argument(
        Double.isFinite(guidance.orElse(1)),
        "guidance must be finite, found %s",
        guidance.orElse(1));
    double share = strength.orElse(1);
    Check.argument(share > 0 && share <= 1, "strength must lie within 0 and 1, found %s", share);
    Check.argument(
        candidates.orElse(1) > 0, "candidates must be at least 1, found %d", candidates.orElse(1));
    double low = blend.orElse(0.5);
    Check.argument(low > 0 && low < 1, "blend must lie between 0 and 1, found %s", blend);
    Check.argument(stimuli >= 0, "stimuli must be at least 0 (all), found %d", stimuli);
    Check.argument(
        conditions.contains(Condition.DECODED), "conditions must contain decoded: %s", conditions);
  }

  /** The embedded generator as it was made, all stimuli, everything that must stand beside. */
  public static PicturesSpec defaults() {
    return new PicturesSpec(
        "embedded",
        Optional.empty(),
        "usual",
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Start.NOISE,
        Map.of(),
        OptionalInt.empty(),
        Optional.empty(),
        Prompt.NONE,
        Optional.empty(),
        OptionalDouble.empty(),
        Stretch.TRAINING,
        0,
        OptionalLong.empty(),
        List.of(Condition.values()),
        Optional.empty(),
        "cpu");
  }

  /** The profile, with the sampler that is given here. */
  Profile sampling() {
    return Profiles.registry().get(profile).with(scheduler, spacing);
  }

  /** Whether the embeddings themselves go into the pictures. */
  boolean takesEmbeddings() {
    return prompt != Prompt.CAPTION_ALONE;
  }

  /** What pictures should not show; empty for nothing. */
  String notToShow() {
    return negative.orElseGet(() -> sampling().negative());
  }

  /**
   * The generator as it is asked: with captions beside the embeddings, or by captions alone.
   *
   * @param generator with its prior
   * @return it, or the same by captions
   * @throws RecipeException when it reads no text, and captions or a negative prompt are for it
   */
  ImageGenerator asked(ImageGenerator generator) {
    boolean reads = generator.readsCaptions();
    Optional<ImageGenerator> byCaption = generator.byCaption();
    if (prompt == Prompt.CAPTION && !reads) {
      throw unread(
          "prompt: caption is read beside embeddings, which this kind of model does not do",
          byCaption.isPresent()
              ? "Set prompt: caption-alone to give it captions in the place of embeddings, or none."
              : "Set prompt: none, or take another pack.");
    }
    if (prompt == Prompt.CAPTION_ALONE && byCaption.isEmpty()) {
      throw unread(
          "prompt: caption-alone takes a model that makes pictures of texts",
          reads
              ? "Set prompt: caption to give it captions beside the embeddings."
              : "Set prompt: none, or take another pack.");
    }
    if (negative.isPresent() && !reads && byCaption.isEmpty() && refine.isEmpty()) {
      throw unread(
          "negative is the text of the unconditional half, and this kind of model reads no text",
          "Leave negative out, or take another pack.");
    }
    if (negative.filter(text -> !text.isEmpty()).isPresent()
        && refine.isEmpty()
        && guidance.orElse(generator.plan().guidance()) <= 1) {
      throw unread(
          "negative has no effect without an unconditional half, which guidance "
              + guidance.orElse(generator.plan().guidance())
              + " leaves out",
          "Set guidance above 1, or leave negative out.");
    }
    return prompt == Prompt.CAPTION_ALONE ? byCaption.orElseThrow() : generator;
  }

  private RecipeException unread(String why, String remedy) {
    return new RecipeException(
        "making pictures with the pack '" + pack + "': " + why + ". " + remedy);
  }

  /**
   * Refuses prompts that the recipe's captions will not give.
   *
   * @param captions the recipe's section
   * @param root the recipe's seed
   */
  void requireCaptions(Optional<CaptionsSpec> captions, long root) {
    if (prompt == Prompt.NONE) {
      return;
    }
    CaptionsSpec made =
        captions.orElseThrow(
            () ->
                unread(
                    "prompt: captions that were made are prompts, and the recipe makes none",
                    "Add the section captions, or set prompt: none."));
    List<Condition> missing =
        conditions.stream()
            .filter(c -> c != Condition.SHUFFLED && c != Condition.NEAREST)
            .filter(c -> !made.conditions().contains(c))
            .toList();
    if (!missing.isEmpty()) {
      throw unread(
          "prompt: captions of the conditions "
              + missing.stream().map(Condition::key).toList()
              + " are not made",
          "Add them to captions.conditions, or take them out of pictures.conditions.");
    }
    if (made.stimuli() != 0 && (stimuli == 0 || stimuli > made.stimuli())) {
      throw unread(
          "prompt: captions are made of "
              + made.stimuli()
              + " stimuli, pictures of "
              + (stimuli == 0 ? "all" : stimuli),
          "Set captions.stimuli to as many, or to 0 for all.");
    }
    if (made.seed().orElse(root) != seed.orElse(root)) {
      throw unread(
          "prompt: captions and pictures have different seeds, so that they are not of the same"
              + " stimuli and noise",
          "Give both sections one seed, or none.");
    }
  }

  int chosenAmong() {
    return candidates.orElse(sampling().candidates());
  }

  /**
   * Whether pictures of the training stimuli go into those that are made.
   *
   * @param lowLevel whether low-level latents were decoded
   */
  boolean takesNearest(boolean lowLevel) {
    return start == Start.NEAREST || (blend.isPresent() && !lowLevel);
  }

  /** Whether decoded low-level latents go into the pictures, where there are any. */
  boolean takesLowLevel() {
    return start == Start.DECODED || blend.isPresent();
  }

  /** Refuses a start from latents that nobody decoded. */
  void requireLowLevel(boolean decoded) {
    if (start == Start.DECODED && !decoded) {
      throw new RecipeException(
          "sampling pictures: start: decoded starts from low-level latents, and the recipe decodes"
              + " none. Add also.low-level with targets {of: latent, pack: ...} and train, or set"
              + " start: nearest or noise.");
    }
  }

  /** The share of a low-level picture in the published system's last picture. */
  double publishedBlend() {
    return refine.map(RefineSpec::sampling).orElseGet(this::sampling).blend();
  }

  OnnxOptions options(int threads) {
    return new OnnxOptions(threads).on(device);
  }

  /**
   * How pictures are sampled.
   *
   * @param own the plan of profile or pack
   * @return the plan with what is given here
   * @throws RecipeException when strength and start contradict each other
   */
  SamplingPlan plan(SamplingPlan own) {
    Map<String, Double> all = new LinkedHashMap<>(own.settings());
    all.putAll(settings);
    SamplingPlan plan =
        new SamplingPlan(
            steps.orElse(own.steps()),
            guidance.orElse(own.guidance()),
            own.rescale(),
            strength.orElse(own.strength()),
            all);
    if (start == Start.NOISE && plan.strength() < 1) {
      throw new RecipeException(
          "sampling pictures: strength "
              + plan.strength()
              + (strength.isPresent() ? "" : " of the profile " + profile)
              + " starts from a picture, but 'start' is noise. Set start: nearest or decoded, or"
              + " strength: 1 to start from noise.");
    }
    if (start != Start.NOISE && plan.strength() == 1) {
      throw new RecipeException(
          "sampling pictures: start: "
              + start.name().toLowerCase(Locale.ROOT)
              + " with strength 1 leaves nothing of that picture. Set"
              + " strength below 1, for example 0.75, or start: noise.");
    }
    return plan;
  }

  /** What is given here in the place of a published system's value: {@code steps 7 for 38}. */
  String beside() {
    Profile published = Profiles.registry().get(profile);
    List<String> changes = new ArrayList<>();
    published
        .plan()
        .ifPresent(
            plan -> {
              steps.ifPresent(n -> changed(changes, "steps", n, plan.steps()));
              guidance.ifPresent(g -> changed(changes, "guidance", g, plan.guidance()));
              strength.ifPresent(s -> changed(changes, "strength", s, plan.strength()));
              new TreeMap<>(settings)
                  .forEach((n, v) -> changed(changes, n, v, plan.settings().getOrDefault(n, v)));
            });
    published
        .sampler()
        .ifPresent(
            sampler -> {
              scheduler.ifPresent(s -> changed(changes, "scheduler", s, sampler.name()));
              Object own = sampler.settings().get("timestep_spacing");
              spacing.ifPresent(
                  s -> changed(changes, "spacing", s.key(), own == null ? "the pack's" : own));
            });
    candidates.ifPresent(n -> changed(changes, "candidates", n, published.candidates()));
    negative
        .filter(text -> !published.negative().isEmpty())
        .ifPresent(text -> changed(changes, "negative", text, published.negative()));
    return String.join(", ", changes);
  }

  private static void changed(List<String> out, String what, Object given, Object published) {
    if (!given.equals(published)) {
      out.add(what + " " + given + " for " + published);
    }
  }
}
