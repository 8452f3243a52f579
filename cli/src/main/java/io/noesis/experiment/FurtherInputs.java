package io.noesis.experiment;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.alignment.score.Similarity;
import io.noesis.reconstruction.diffusion.ImageGenerator;
import io.noesis.reconstruction.diffusion.LatentPictures;
import io.noesis.reconstruction.diffusion.SamplingPlan;
import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.run.Suggest;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What pictures are made of beside embeddings: what was decoded of the recipe's further targets.
 * Each condition takes theirs from the same condition. Low-level latents are what pictures start
 * from as they are, where they are those of the generator; else by way of the picture that their
 * own autoencoder makes of them. The caller closes it.
 */
final class FurtherInputs implements AutoCloseable {
  /** Of a run with one target. */
  static final FurtherInputs NONE = new FurtherInputs(Map.of(), Optional.empty(), Optional.empty());

  private final Map<String, Input> inputs;
  private final Optional<ImageGenerator> generator;
  private final Optional<LatentPictures> lowLevel;

  /**
   * One of them.
   *
   * @param space of what was decoded
   * @param spec how
   * @param rows what was decoded
   */
  private record Input(EmbeddingSpace space, AlsoSpec spec, Rows rows) {}

  /** What was decoded of one further target. */
  private interface Rows {
    /** Whether the training of a subject ended. */
    boolean ended(String subject);

    /** The embeddings of one subject. */
    SourceEmbeddings of(String subject, MadeSources.Selection selection, Seed seed);
  }

  private FurtherInputs(
      Map<String, Input> inputs,
      Optional<ImageGenerator> generator,
      Optional<LatentPictures> lowLevel) {
    this.inputs = inputs;
    this.generator = generator;
    this.lowLevel = lowLevel;
  }

  /**
   * Opens what a section takes of them; of other names that the generator does not know nothing is
   * taken.
   *
   * @param run the trained run
   * @param spec the section
   * @param generator its generator, which stays open as long as this
   * @param models open the autoencoder
   * @throws RecipeException when the section starts from latents that the run did not decode, or
   *     the generator needs something that it did not
   * @throws ModelException when the generator takes something of another size
   */
  static FurtherInputs open(
      RunFolder run, PicturesSpec spec, ImageGenerator generator, MakingModels models) {
    DecodingRecipe recipe = RunFiles.recipe(run);
    Map<String, Input> all = new TreeMap<>();
    AlsoRuns.of(run)
        .forEach(
            (name, other) -> {
              AlsoSpec also = Objects.requireNonNull(recipe.also().get(name), name);
              all.put(name, of(other, also, recipe.evaluation().similarity()));
            });
    return open(all, spec, generator, models);
  }

  private static Input of(RunFolder run, AlsoSpec spec, Similarity similarity) {
    TargetTable targets = TargetTable.read(run);
    Rows rows =
        new Rows() {
          @Override
          public boolean ended(String subject) {
            return run.finished(Decoded.folder(subject) + "/training", run.identity());
          }

          @Override
          public SourceEmbeddings of(String subject, MadeSources.Selection selection, Seed seed) {
            return new MadeSources(
                new MadeSources.Subject(
                    Decoded.read(run, subject), targets, StimulusFile.read(run), similarity),
                spec.stretch().orElseThrow(),
                selection,
                seed);
          }
        };
    return new Input(targets.embeddings().space(), spec, rows);
  }

  /** The same of new responses. */
  static FurtherInputs open(
      EncodingFolder.Kept kept, PicturesSpec spec, ImageGenerator generator, MakingModels models) {
    Map<String, Input> all = new TreeMap<>();
    kept.further().forEach((name, further) -> all.put(name, of(further)));
    return open(all, spec, generator, models);
  }

  private static Input of(EncodingFolder.Further further) {
    Rows rows =
        new Rows() {
          @Override
          public boolean ended(String subject) {
            return true;
          }

          @Override
          public SourceEmbeddings of(String subject, MadeSources.Selection selection, Seed seed) {
            return new EncodedSources(
                further.kept(), further.spec().stretch().orElseThrow(), selection, seed);
          }
        };
    return new Input(further.kept().space(), further.spec(), rows);
  }

  private static FurtherInputs open(
      Map<String, Input> all, PicturesSpec spec, ImageGenerator generator, MakingModels models) {
    spec.requireLowLevel(all.containsKey(AlsoSpec.LOW_LEVEL));
    Map<String, Input> inputs = new TreeMap<>(all);
    inputs
        .keySet()
        .removeIf(
            name ->
                name.equals(AlsoSpec.LOW_LEVEL)
                    ? !spec.takesLowLevel()
                    : !generator.also().containsKey(name));
    requireNeeds(spec, inputs.keySet(), generator);
    inputs.forEach((name, input) -> requireSize(name, input.space(), generator));
    Optional<LatentPictures> lowLevel =
        Optional.ofNullable(inputs.get(AlsoSpec.LOW_LEVEL))
            .map(input -> models.latents(input.spec().targets(), spec));
    FurtherInputs opened = new FurtherInputs(inputs, Optional.of(generator), lowLevel);
    try {
      opened.requireLatents(spec, models);
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private void requireLatents(PicturesSpec spec, MakingModels models) {
    lowLevel.ifPresent(
        latents -> {
          Input decoded = of(AlsoSpec.LOW_LEVEL);
          new MadeSpaces(models, Optional.of(decoded.spec().targets()), decoded.space())
              .require(
                  "making pictures of decoded low-level latents", spec.pack(), latents.space());
        });
  }

  private Input of(String name) {
    return Objects.requireNonNull(inputs.get(name), name);
  }

  /**
   * Refuses further targets that a generator cannot take.
   *
   * @param recipe with the section pictures
   * @param spaces of the further targets, by name
   * @param generator of the section
   * @throws RecipeException when the generator knows no such condition, or starts from no pictures
   * @throws ModelException when it takes something of another size
   */
  static void requireFit(
      DecodingRecipe recipe, Map<String, EmbeddingSpace> spaces, ImageGenerator generator) {
    PicturesSpec spec = recipe.pictures().orElseThrow();
    requireNeeds(spec, spaces.keySet(), generator);
    spaces.forEach(
        (name, space) -> {
          if (name.equals(AlsoSpec.LOW_LEVEL)) {
            if (spec.start() == PicturesSpec.Start.DECODED && !startsFrom(space, generator)) {
              // Says why, where it starts from no pictures either.
              generator.start(List.of());
            }
            return;
          }
          if (!generator.also().containsKey(name)) {
            throw unknown(name, spec, generator);
          }
          requireSize(name, space, generator);
        });
  }

  private static void requireNeeds(
      PicturesSpec spec, Set<String> decoded, ImageGenerator generator) {
    SamplingPlan plan = spec.plan(generator.plan());
    for (String name : new TreeSet<>(generator.needs(plan))) {
      if (!decoded.contains(name)) {
        throw new RecipeException(
            "making pictures with the pack '"
                + spec.pack()
                + "': sampled with "
                + new TreeMap<>(plan.settings())
                + " it needs the further condition '"
                + name
                + "', which is not decoded. Add also."
                + name
                + " with its targets to the recipe and train, or take other settings or another"
                + " pack.");
      }
    }
  }

  private static RecipeException unknown(String name, PicturesSpec spec, ImageGenerator generator) {
    List<String> known = new ArrayList<>(new TreeMap<>(generator.also()).keySet());
    known.add(AlsoSpec.LOW_LEVEL);
    return new RecipeException(
        "making pictures with the pack '"
            + spec.pack()
            + "': it takes no further condition '"
            + name
            + "', which the recipe decodes under 'also'. "
            + Suggest.sentence(name, known));
  }

  private static boolean startsFrom(EmbeddingSpace space, ImageGenerator generator) {
    return generator.latents().equals(Optional.of(space));
  }

  /** The axes of one picture's, with an open one filled up. */
  private static int[] axes(String name, int width, ImageGenerator generator) {
    List<Integer> told = generator.also().getOrDefault(name, List.of());
    int known = told.stream().filter(n -> n > 0).reduce(1, Math::multiplyExact);
    boolean open = told.stream().filter(n -> n <= 0).count() == 1 && width % known == 0;
    int[] axes = new int[told.size() + 1];
    for (int i = 0; i < told.size(); i++) {
      axes[i + 1] = told.get(i) > 0 || !open ? told.get(i) : width / known;
    }
    return axes;
  }

  private static void requireSize(String name, EmbeddingSpace space, ImageGenerator generator) {
    if (name.equals(AlsoSpec.LOW_LEVEL)) {
      return;
    }
    int[] axes = axes(name, space.dim(), generator);
    int wanted = 1;
    for (int i = 1; i < axes.length; i++) {
      wanted *= axes[i];
    }
    if (wanted != space.dim()) {
      throw new ModelException(
          "making pictures: the generator takes '"
              + name
              + "' of "
              + generator.also().get(name)
              + " numbers, the recipe decodes "
              + space
              + " as also."
              + name
              + ". Choose the targets that the generator was made for.");
    }
  }

  /** Whether decoded low-level latents go into the pictures. */
  boolean hasLowLevel() {
    return lowLevel.isPresent();
  }

  /** The names whose decoding did not end for a subject. */
  List<String> missing(String subject) {
    return inputs.entrySet().stream()
        .filter(input -> !input.getValue().rows().ended(subject))
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * The embeddings of one subject, by name: of the same stimuli as the main ones.
   *
   * @param subject label
   * @param selection of the main ones
   * @param seed of the main ones
   */
  Map<String, SourceEmbeddings> sources(
      String subject, MadeSources.Selection selection, Seed seed) {
    Map<String, SourceEmbeddings> sources = new TreeMap<>();
    inputs.forEach((name, input) -> sources.put(name, input.rows().of(subject, selection, seed)));
    return sources;
  }

  /** All but the low-level latents, in the axes that the generator takes. */
  Map<String, Tensor> conditions(Map<String, Tensor> rows) {
    Map<String, Tensor> conditions = new LinkedHashMap<>();
    rows.forEach(
        (name, values) -> {
          if (!name.equals(AlsoSpec.LOW_LEVEL)) {
            int[] axes = axes(name, values.dim(1), generator.orElseThrow());
            axes[0] = values.dim(0);
            conditions.put(name, values.reshape(axes));
          }
        });
    return conditions;
  }

  private static Tensor latents(Map<String, Tensor> rows) {
    return Objects.requireNonNull(rows.get(AlsoSpec.LOW_LEVEL));
  }

  /** The pictures of low-level latents. */
  List<PixelImage> pictures(Map<String, Tensor> rows) {
    return lowLevel.orElseThrow().pictures(latents(rows));
  }

  /** What a run of the generator starts from. */
  Tensor start(Map<String, Tensor> rows) {
    return isDirect()
        ? lowLevel.orElseThrow().shaped(latents(rows))
        : generator.orElseThrow().start(pictures(rows));
  }

  private boolean isDirect() {
    return startsFrom(lowLevel.orElseThrow().space(), generator.orElseThrow());
  }

  /** What pictures start from, in words. */
  String startWords() {
    return (isDirect() ? "" : "the picture of ") + latentWords();
  }

  /** What pictures are blended with, in words. */
  String pictureWords() {
    return "the picture of " + latentWords();
  }

  private String latentWords() {
    return "the decoded low-level latents of " + lowLevel.orElseThrow().space().model();
  }

  /** What readers must know of them: which they are, and what was done to their length. */
  Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    inputs.forEach(
        (name, input) ->
            facts.put(
                "also " + name,
                "decoded into "
                    + input.space()
                    + ", "
                    + input.spec().stretch().orElseThrow().words()));
    return facts;
  }

  /** What decides, beside the rows, what is made of them; empty where nothing is taken. */
  String fingerprint() {
    return lowLevel.map(of -> "low-level by " + of.fingerprint() + isDirect()).orElse("");
  }

  @Override
  public void close() {
    lowLevel.ifPresent(LatentPictures::close);
  }
}
