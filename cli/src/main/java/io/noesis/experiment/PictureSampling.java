package io.noesis.experiment;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.reconstruction.diffusion.BestOf;
import io.noesis.reconstruction.diffusion.Blended;
import io.noesis.reconstruction.diffusion.ImageGenerator;
import io.noesis.reconstruction.diffusion.SamplingPlan;
import io.noesis.report.MadePanel.MadeKind;
import io.noesis.run.RecipeException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * How a section's pictures are sampled.
 *
 * @param generator the section's, or the best of several of its pictures; closed by who opened it
 * @param plan steps, guidance, strength and settings
 * @param facts all of it in words, for readers
 */
record PictureSampling(ImageGenerator generator, SamplingPlan plan, Map<String, String> facts) {
  /**
   * Puts section, profile and pack together.
   *
   * @param spec the section
   * @param opened its generator
   * @param tower the image tower at hand
   * @param further what was decoded beside the embeddings
   * @throws RecipeException when strength and start contradict each other, or the best of several
   *     is asked for without a tower that could tell
   */
  static PictureSampling of(
      PicturesSpec spec,
      ImageGenerator opened,
      Optional<PictureTower> tower,
      FurtherInputs further) {
    SamplingPlan plan = plan(spec, opened);
    ImageGenerator chosen = chosen(opened, spec, tower);
    return new PictureSampling(
        spec.blend().isPresent() ? new Blended(chosen, spec.blend().getAsDouble()) : chosen,
        plan,
        facts(spec, plan, opened, further));
  }

  /** How a generator samples for a section; what it does not know is refused. */
  static SamplingPlan plan(PicturesSpec spec, ImageGenerator generator) {
    SamplingPlan plan = spec.plan(generator.plan());
    generator.requireKnown(plan);
    return plan;
  }

  /** Refuses the best of several pictures where no tower could tell. */
  static void requireJudge(
      PicturesSpec spec, ImageGenerator generator, Optional<PictureTower> tower) {
    chosen(generator, spec, tower);
  }

  /** The generator, or the best of several pictures of it for each embedding. */
  private static ImageGenerator chosen(
      ImageGenerator generator, PicturesSpec spec, Optional<PictureTower> tower) {
    int candidates = spec.chosenAmong();
    if (candidates == 1) {
      return generator;
    }
    EmbeddingSpace space = generator.space();
    String wanted = space.model() + " " + space.layer();
    PictureTower judge =
        tower
            .filter(t -> t.name().equals(wanted))
            .orElseThrow(
                () ->
                    new RecipeException(
                        "making pictures: keeping the closest of "
                            + candidates
                            + " takes an image tower of the generator's space '"
                            + wanted
                            + "', found "
                            + tower.map(t -> "'" + t.name() + "'").orElse("none")
                            + ". Name it in pictures.tower, or set candidates: 1."));
    return new BestOf(
        generator,
        candidates,
        images ->
            judge
                .encode(
                    IntStream.range(0, images.size()).mapToObj(Integer::toString).toList(),
                    images::get)
                .values(),
        judge.name());
  }

  private static Map<String, String> facts(
      PicturesSpec spec, SamplingPlan plan, ImageGenerator generator, FurtherInputs further) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("profile", spec.profile());
    if (!spec.beside().isEmpty()) {
      facts.put("in the profile's place", spec.beside());
    }
    facts.putAll(generator.facts());
    facts.put("steps", Integer.toString(plan.steps()));
    facts.put("guidance", Double.toString(plan.guidance()));
    if (spec.start() != PicturesSpec.Start.NOISE) {
      String from =
          spec.start() == PicturesSpec.Start.NEAREST
              ? "the nearest training picture"
              : further.startWords();
      facts.put("started from", from + ", strength " + plan.strength());
    }
    spec.prior()
        .flatMap(prior -> prior.seed().stream().boxed().findFirst())
        .ifPresent(root -> facts.put("seed root of the prior", Long.toString(root)));
    if (spec.prompt() != PicturesSpec.Prompt.NONE) {
      facts.put(
          MadeKind.PROMPT,
          "the caption that was made of the same embedding, "
              + (spec.takesEmbeddings() ? "beside it" : "and nothing else"));
    }
    if (!spec.notToShow().isEmpty()) {
      facts.put("not to show", spec.notToShow());
    }
    facts.putAll(further.facts());
    blend(spec, further).ifPresent(said -> facts.put("blended", said));
    if (!plan.settings().isEmpty()) {
      facts.put("settings", new TreeMap<>(plan.settings()).toString());
    }
    if (spec.chosenAmong() > 1) {
      facts.put(
          "candidates",
          spec.chosenAmong() + ", the one kept that is closest to the embedding it is made of");
    }
    facts.put("device", spec.device());
    return facts;
  }

  private static Optional<String> blend(PicturesSpec spec, FurtherInputs further) {
    double published = spec.publishedBlend();
    String beside =
        published == 0
            ? ""
            : "; the profile takes " + published + " of a decoded low-level picture";
    if (spec.blend().isPresent()) {
      String low = further.hasLowLevel() ? further.pictureWords() : "the nearest training picture";
      return Optional.of(spec.blend().getAsDouble() + " of " + low + beside);
    }
    return beside.isEmpty() ? Optional.empty() : Optional.of("nothing" + beside);
  }
}
