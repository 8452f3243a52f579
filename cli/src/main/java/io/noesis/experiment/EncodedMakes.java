package io.noesis.experiment;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.embedding.TargetUnit;
import io.noesis.alignment.score.Condition;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.reconstruction.caption.CaptionRequest;
import io.noesis.reconstruction.caption.Captioner;
import io.noesis.reconstruction.diffusion.ImageGenerator;
import io.noesis.report.Report;
import io.noesis.report.ReportJson;
import io.noesis.report.ReportPage;
import io.noesis.run.Fingerprint;
import io.noesis.run.Parallel;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Captions and pictures of new responses, from the folder that {@link Encoding} wrote. Beside them
 * are made the nulls that need no truth: of another row's response, of the mean training target, of
 * noise. Where it was told what was seen, stimuli that no decoder learnt from are scored as those
 * of a run are, with the ceiling of their targets; else nothing is.
 *
 * <pre>{@code
 * EncodedMakes.of(folder, Execution.in(folder)).captions(CaptionsSpec.defaults(), "");
 * }</pre>
 */
public final class EncodedMakes {
  /** What readers are told in place of scores. */
  public static final String UNSCORED =
      "not scored: nobody told what was seen in these trials. Compare with what the same model makes"
          + " of another row's response (shuffled), of the training mean and of noise";

  private final Path folder;
  private final Execution execution;
  private final MakingModels models;
  private final EncodingFolder.Kept kept;

  private EncodedMakes(Path folder, Execution execution, MakingModels models) {
    this.folder = folder;
    this.execution = execution;
    this.models = models;
    this.kept = EncodingFolder.read(folder);
    if (kept.training().unit() != TargetUnit.STIMULUS) {
      throw new RecipeException(
          "making captions or pictures of the embeddings in "
              + folder
              + ": the targets of their decoder stand for categories, not for stimuli, so there is"
              + " nothing of a single stimulus to make. Encode by a run with targets of stimuli"
              + " (caption, image, given).");
    }
  }

  /** Whether a folder was written by {@link Encoding}. */
  public static boolean fits(Path folder) {
    return EncodingFolder.isOne(folder);
  }

  /**
   * Of a folder of embeddings.
   *
   * @param folder where they are; what is made goes to {@code made} below it
   * @param execution threads, progress, cancellation
   * @return the maker
   * @throws RecipeException when nothing tells in which space the embeddings live
   */
  public static EncodedMakes of(Path folder, Execution execution) {
    return of(folder, execution, PackModels.of(execution));
  }

  static EncodedMakes of(Path folder, Execution execution, MakingModels models) {
    return new EncodedMakes(folder, execution, models);
  }

  /** Where the table of what was made is. */
  public Path table(String what) {
    return kept.made().file(Decoded.folder(kept.training().subject()) + "/" + what + ".tsv");
  }

  /**
   * Makes pictures.
   *
   * @param spec of what and how; of the conditions those that need no truth are made
   * @param row only this one ({@code row-0003}); empty for those of the section
   * @return what was made; paths are below {@code made}
   * @throws io.noesis.run.ModelException when the model takes embeddings of another space
   */
  public List<Makes.Line> pictures(PicturesSpec spec, String row) {
    return Parallel.with(
        execution.threads(),
        () -> {
          requireFromNoise(spec);
          Optional<PictureTower> tower =
              spec.chosenAmong() > 1 || scores()
                  ? models.tower(spec, TargetsSpec.defaults())
                  : Optional.empty();
          try (ImageGenerator opened = models.generator(spec);
              FurtherInputs further = further(spec, opened)) {
            PictureSampling sampling = PictureSampling.of(spec, opened, tower, further);
            ImageGenerator generator = sampling.generator();
            Seed seed = seed(spec.seed().orElse(0), "pictures");
            MadePrompts.of(
                kept.made(), kept.training().subject(), spec, seed.root(), Progress.NONE);
            Map<String, String> facts =
                facts(spec.pack(), generator.fingerprint(), spec.stretch(), seed);
            facts.putAll(sampling.facts());
            if (scores()) {
              facts.putAll(Making.ofTower(tower, generator));
            }
            MadeRequest request = request(MadeRequest.PICTURES, spec, row, facts);
            new PictureMaking(
                    kept.made(),
                    execution,
                    new PictureMaking.Models(
                        generator,
                        sampling.plan(),
                        spec,
                        scores() ? tower : Optional.empty(),
                        further,
                        request),
                    seen(),
                    seed)
                .make(
                    kept.training().subject(),
                    sources(spec.stretch(), spec.stimuli(), row, seed),
                    further.sources(
                        kept.training().subject(),
                        new MadeSources.Selection(spec.stimuli(), row),
                        made(seed)),
                    possible(spec.conditions()));
            return lines(request);
          } finally {
            tower.ifPresent(PictureTower::close);
          }
        });
  }

  private FurtherInputs further(PicturesSpec spec, ImageGenerator generator) {
    if (spec.takesEmbeddings()) {
      spaces().require(making("pictures", spec.pack()), spec.pack(), generator);
    }
    return FurtherInputs.open(kept, spec, generator, models);
  }

  /** Captions and pictures of one root are of the same rows. */
  private static Seed made(Seed seed) {
    return Seed.of(seed.root()).child("made");
  }

  private void requireFromNoise(PicturesSpec spec) {
    if (spec.takesNearest(kept.further().containsKey(AlsoSpec.LOW_LEVEL))) {
      throw new RecipeException(
          "making pictures of the embeddings in "
              + folder
              + ": start: nearest, and blend without decoded low-level latents, take pictures of the"
              + " training stimuli, and only the run has these. Start from noise and blend nothing,"
              + " or encode by a run that decodes also.low-level.");
    }
  }

  /**
   * Makes captions.
   *
   * @param spec of what and how; of the conditions those that need no truth are made
   * @param row only this one ({@code row-0003}); empty for those of the section
   * @return what was made
   * @throws io.noesis.run.ModelException when the model takes embeddings of another space
   * @throws RecipeException when captions are to be copied from training stimuli, which are not
   *     here
   */
  public List<Makes.Line> captions(CaptionsSpec spec, String row) {
    return Parallel.with(
        execution.threads(),
        () -> {
          try (Captioner captioner = captioner(spec)) {
            Seed seed = seed(spec.seed().orElse(0), "captions");
            Map<String, String> facts =
                facts(spec.pack(), captioner.fingerprint(), spec.stretch(), seed);
            facts.putAll(captioner.facts());
            facts.put("words chosen by", spec.wordSearch().words());
            facts.put("device", spec.device());
            MadeRequest request = request(MadeRequest.CAPTIONS, spec, row, facts);
            CaptionRequest how =
                new CaptionRequest(spec.wordSearch(), spec.maxTokens(), seed.random().nextLong());
            if (!request.finished(kept.made(), kept.training().subject())) {
              new CaptionMaking(kept.made(), execution, request, how, seen())
                  .make(
                      kept.training().subject(),
                      sources(spec.stretch(), spec.stimuli(), row, seed),
                      possible(spec.conditions()),
                      captioner);
            }
            return lines(request);
          }
        });
  }

  private Captioner captioner(CaptionsSpec spec) {
    if (spec.retrieves()) {
      throw new RecipeException(
          "making captions of the embeddings in "
              + folder
              + ": 'retrieval' copies captions of training stimuli, and only the run has these."
              + " Rank them with 'noesis encode RUN RESPONSES --gallery RUN', or take a captioner.");
    }
    if (spec.head().isPresent()) {
      throw new RecipeException(
          "making captions of the embeddings in "
              + folder
              + ": the output '"
              + spec.head().get()
              + "' of the network is not among what 'noesis encode' writes, only embeddings are."
              + " Leave head out, or make captions of the run's own test trials.");
    }
    Embeddings none = new Embeddings(kept.space(), List.of(), Tensor.zeros(0, kept.space().dim()));
    Captioner captioner = models.captioner(spec, none, Map.of());
    try {
      spaces().require(making("captions", spec.pack()), spec.pack(), captioner);
    } catch (RuntimeException e) {
      captioner.close();
      throw e;
    }
    return captioner;
  }

  /**
   * What would be done, in words; opens the model and compares spaces, makes nothing.
   *
   * @param spec of what and how
   * @return one sentence
   */
  public String plan(PicturesSpec spec) {
    requireFromNoise(spec);
    try (ImageGenerator generator = models.generator(spec)) {
      further(spec, generator).close();
      PictureSampling.plan(spec, generator);
      return wouldMake("pictures", spec.stimuli(), spec.conditions(), generator.fingerprint());
    }
  }

  /**
   * What would be done, in words; opens the model and compares spaces, makes nothing.
   *
   * @param spec of what and how
   * @return one sentence
   */
  public String plan(CaptionsSpec spec) {
    try (Captioner captioner = captioner(spec)) {
      return wouldMake("captions", spec.stimuli(), spec.conditions(), captioner.fingerprint());
    }
  }

  private String wouldMake(String what, int limit, List<Condition> conditions, String model) {
    int all = EncodedSources.count(kept);
    int rows = limit == 0 ? all : Math.min(all, limit);
    return "would make up to "
        + rows * possible(conditions).size()
        + " "
        + what
        + " of "
        + rows
        + (scores() ? " stimuli that no decoder learnt from, model " : " rows, model ")
        + model
        + unscored().map(why -> "; " + why).orElse("");
  }

  private MadeSpaces spaces() {
    return new MadeSpaces(models, Optional.empty(), kept.space());
  }

  private static String making(String what, String pack) {
    return "making " + what + " of new embeddings with the pack '" + pack + "'";
  }

  private static Seed seed(long root, String what) {
    return Seed.of(root).child(what);
  }

  private EncodedSources sources(Stretch stretch, int limit, String row, Seed seed) {
    return new EncodedSources(kept, stretch, new MadeSources.Selection(limit, row), made(seed));
  }

  private List<Condition> possible(List<Condition> asked) {
    return EncodedSources.possible(kept, asked);
  }

  private boolean scores() {
    return EncodedSources.scores(kept);
  }

  /** What things are made for: {@code seen}, stimuli that were told, or {@code row}. */
  public String ids() {
    return scores() ? "seen" : "row";
  }

  /** Why nothing is scored; empty where it was told what was seen, and the decoder is new to it. */
  public Optional<String> unscored() {
    return EncodedReport.unscored(kept);
  }

  /** What was seen and may be scored, in the folder of what is made, as its page wants it. */
  private StimulusSet seen() {
    if (!scores()) {
      return StimulusSet.of(List.of());
    }
    SeenStimuli seen = kept.seen().orElseThrow();
    StimulusFile.write(
        kept.made(),
        StimulusSet.of(seen.heldOut().stream().map(seen.stimuli()::get).toList()),
        new LinkedHashSet<>(seen.heldOut()),
        Progress.NONE);
    return seen.stimuli();
  }

  /**
   * Scores what was made, where that is possible, and writes {@code report.json} and its page
   * beside it.
   *
   * @return the report
   */
  public Report evaluate() {
    return Parallel.with(
        execution.threads(),
        () -> {
          Report report = new EncodedReport(kept).build();
          ReportJson.write(kept.made().file(Evaluation.REPORT), report);
          ReportPage.render(kept.made().file(Evaluation.REPORT), ReportPage.Form.FOLDER);
          return report;
        });
  }

  /** Where {@link #evaluate} writes the page. */
  public Path page() {
    return kept.made().file("report.html");
  }

  private Map<String, String> facts(String pack, String model, Stretch stretch, Seed seed) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("model", pack);
    facts.put("model SHA-256", model);
    facts.put("space", kept.space().toString());
    facts.put(
        "decoded embeddings",
        (scores() ? "mean over the rows of a stimulus, " : "one per row of new responses, ")
            + stretch.words());
    unscored().ifPresent(why -> facts.put("scores", why));
    facts.put("seed root", Long.toString(seed.root()));
    return facts;
  }

  private MadeRequest request(String what, Record spec, String row, Map<String, String> facts) {
    String identity =
        Fingerprint.ofText(
            String.join(
                "\n",
                "noesis-" + what + "-of-rows-1",
                kept.made().identity(),
                YamlTree.write(RecordBinder.tree(spec)),
                row,
                facts.toString()));
    MadeRequest request = new MadeRequest(what, identity, facts);
    request.write(kept.made());
    return request;
  }

  private List<Makes.Line> lines(MadeRequest request) {
    String subject = kept.training().subject();
    return MadeTable.read(kept.made().file(request.table(subject))).rows().stream()
        .map(r -> new Makes.Line(subject, r.stimulus(), r.condition(), r.content()))
        .toList();
  }
}
