package io.noesis.experiment;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.reconstruction.caption.CaptionRequest;
import io.noesis.reconstruction.caption.Captioner;
import io.noesis.reconstruction.diffusion.ImageGenerator;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import io.noesis.run.RecordBinder;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes captions and pictures from the decoded embeddings of a trained run, into its folder: for
 * each subject a table, and for pictures the PNG files that it names. Nothing of a test stimulus
 * but its decoded embedding reaches a model, except for the ceiling, which is named so.
 */
final class Making {
  private final RunFolder run;
  private final Execution execution;
  private final MakingModels models;
  private final DecodingRecipe recipe;
  private final TargetTable targets;

  Making(RunFolder run, Execution execution, MakingModels models) {
    this.run = run;
    this.execution = execution;
    this.models = models;
    this.recipe = RunFiles.recipe(run);
    this.targets = TargetTable.read(run);
  }

  /** Refuses a model of another space before anything is trained for it. */
  static void requireFit(
      DecodingRecipe recipe,
      EmbeddingSpace space,
      Map<String, EmbeddingSpace> further,
      MakingModels models) {
    MadeSpaces spaces = new MadeSpaces(models, Optional.of(recipe.targets()), space);
    recipe
        .pictures()
        .ifPresent(
            spec -> {
              try (ImageGenerator generator = models.generator(spec)) {
                if (spec.takesEmbeddings()) {
                  spaces.require(making("pictures", spec.pack()), spec.pack(), generator);
                }
                PictureSampling.plan(spec, generator);
                requireJudge(spec, generator, recipe, models);
                FurtherInputs.requireFit(recipe, further, generator);
              }
            });
    recipe
        .captions()
        .filter(spec -> !spec.retrieves())
        .ifPresent(
            spec -> {
              Embeddings none = new Embeddings(space, List.of(), empty(space));
              try (Captioner captioner = models.captioner(spec, none, Map.of())) {
                if (spec.head().isPresent()) {
                  return; // What it gives is known when the network is made.
                }
                spaces.require(making("captions", spec.pack()), spec.pack(), captioner);
              }
            });
  }

  /**
   * The best of several pictures is kept only where a tower can tell; it is loaded for it alone.
   */
  private static void requireJudge(
      PicturesSpec spec, ImageGenerator generator, DecodingRecipe recipe, MakingModels models) {
    if (spec.chosenAmong() == 1) {
      return;
    }
    Optional<PictureTower> tower = models.tower(spec, recipe.targets());
    try {
      PictureSampling.requireJudge(spec, generator, tower);
    } finally {
      tower.ifPresent(PictureTower::close);
    }
  }

  private MadeSpaces spaces() {
    return new MadeSpaces(models, Optional.of(recipe.targets()), targets.embeddings().space());
  }

  private static io.noesis.tensor.Tensor empty(EmbeddingSpace space) {
    return io.noesis.tensor.Tensor.zeros(0, space.dim());
  }

  private static String making(String what, String pack) {
    return "making " + what + " with the pack '" + pack + "'";
  }

  /** Makes what the recipe asks for; {@code originals} have the pictures that were shown. */
  void make(StimulusSet originals) {
    List<String> subjects = trained();
    recipe.captions().ifPresent(spec -> captions(spec, subjects, ""));
    recipe.pictures().ifPresent(spec -> pictures(spec, subjects, "", originals));
  }

  private List<String> trained() {
    return run.subjects().stream()
        .filter(s -> run.finished(Decoded.folder(s) + "/training", run.identity()))
        .toList();
  }

  /**
   * Makes pictures.
   *
   * @param spec of what and how
   * @param subjects of whom
   * @param only one stimulus; empty for those of the section
   * @param originals the pictures that were shown
   * @return how they were made
   */
  MadeRequest pictures(
      PicturesSpec spec, List<String> subjects, String only, StimulusSet originals) {
    try (ImageGenerator opened = models.generator(spec);
        FurtherInputs further = further(spec, opened)) {
      PictureSampling.plan(spec, opened);
      Optional<PictureTower> tower = models.tower(spec, recipe.targets());
      try {
        PictureSampling sampling = PictureSampling.of(spec, opened, tower, further);
        ImageGenerator generator = sampling.generator();
        Seed seed = seed(spec, recipe);
        for (String subject : subjects) {
          MadePrompts.of(run, subject, spec, seed.root(), Progress.NONE);
        }
        Map<String, String> facts = facts(spec.pack(), generator.fingerprint(), spec.stretch());
        facts.putAll(sampling.facts());
        facts.put("seed root", Long.toString(seed.root()));
        facts.putAll(ofTower(tower, generator));
        MadeRequest request = request(MadeRequest.PICTURES, spec, only, facts);
        request.write(run);
        PictureMaking making =
            new PictureMaking(
                run,
                execution,
                new PictureMaking.Models(generator, sampling.plan(), spec, tower, further, request),
                originals,
                seed);
        MadeSources.Selection selection = selection(spec.stimuli(), only);
        for (String subject : subjects) {
          if (further.missing(subject).isEmpty()) {
            making.make(
                subject,
                sources(subject, spec.stretch(), selection, shared(seed)),
                further.sources(subject, selection, shared(seed)),
                spec.conditions());
          } else {
            execution
                .progress()
                .warn(
                    "no pictures of subject "
                        + subject
                        + ": its training for also."
                        + String.join(", also.", further.missing(subject))
                        + " did not end");
          }
        }
        return request;
      } finally {
        tower.ifPresent(PictureTower::close);
      }
    }
  }

  /** Of a section's pictures. */
  static Seed seed(PicturesSpec spec, DecodingRecipe recipe) {
    return Seed.of(spec.seed().orElse(recipe.seed())).child("pictures");
  }

  private FurtherInputs further(PicturesSpec spec, ImageGenerator generator) {
    if (spec.takesEmbeddings()) {
      spaces().require(making("pictures", spec.pack()), spec.pack(), generator);
    }
    return FurtherInputs.open(run, spec, generator, models);
  }

  /** What readers must know of the tower that pictures are scored by. */
  static Map<String, String> ofTower(Optional<PictureTower> tower, ImageGenerator generator) {
    Map<String, String> facts = new LinkedHashMap<>();
    tower.ifPresent(t -> facts.put(MadeRequest.TOWER, t.name()));
    if (tower.filter(t -> t.name().startsWith(generator.space().model() + " ")).isPresent()) {
      facts.put(
          "scores of the tower",
          "flattered: it made the space that steers the generator; scores of pixels are not");
    }
    return facts;
  }

  /**
   * Makes captions.
   *
   * @param spec of what and how
   * @param subjects of whom
   * @param only one stimulus; empty for those of the section
   * @return how they were made
   */
  MadeRequest captions(CaptionsSpec spec, List<String> subjects, String only) {
    StimulusSet stimuli = StimulusFile.read(run);
    Optional<MadeRequest> request = Optional.empty();
    if (spec.retrieves()) {
      for (String subject : subjects) {
        try (Captioner captioner = copying(spec, subject, stimuli)) {
          request = Optional.of(captions(spec, List.of(subject), only, captioner, stimuli));
        }
      }
    } else {
      EmbeddingSpace space = targets.embeddings().space();
      Embeddings none = new Embeddings(space, List.of(), empty(space));
      try (Captioner captioner = models.captioner(spec, none, Map.of())) {
        request = Optional.of(captions(spec, subjects, only, captioner, stimuli));
      }
    }
    return request.orElseThrow(() -> new IllegalStateException("captions of no subject"));
  }

  /** Copies from what a subject's decoders learnt from. */
  private Captioner copying(CaptionsSpec spec, String subject, StimulusSet stimuli) {
    Set<String> trained = trainedWithCaption(Decoded.read(run, subject), stimuli);
    Map<String, String> known =
        trained.stream()
            .collect(
                Collectors.toMap(
                    id -> id,
                    id -> stimuli.get(id).caption().orElseThrow(),
                    (a, b) -> a,
                    LinkedHashMap::new));
    return models.captioner(spec, targets.embeddings().select(trained), known);
  }

  private MadeRequest captions(
      CaptionsSpec spec,
      List<String> subjects,
      String only,
      Captioner captioner,
      StimulusSet stimuli) {
    Optional<CaptionedHead> head = spec.head().map(name -> new CaptionedHead(run, spec));
    if (head.isPresent()) {
      head.get().requireFit(subjects, captioner);
    } else {
      spaces().require(making("captions", spec.pack()), spec.pack(), captioner);
    }
    Seed seed = Seed.of(spec.seed().orElse(recipe.seed())).child("captions");
    String model = spec.retrieves() ? CaptionsSpec.RETRIEVAL : captioner.fingerprint();
    Map<String, String> facts = facts(spec.pack(), model, spec.ownStretch());
    head.ifPresent(h -> facts.putAll(h.facts()));
    facts.putAll(captioner.facts());
    facts.put("words chosen by", spec.wordSearch().words());
    facts.put("device", spec.device());
    facts.put("seed root", Long.toString(seed.root()));
    MadeRequest request = request(MadeRequest.CAPTIONS, spec, only, facts);
    request.write(run);
    for (String subject : subjects) {
      if (!request.finished(run, subject)) {
        new CaptionMaking(
                run,
                execution,
                request,
                new CaptionRequest(spec.wordSearch(), spec.maxTokens(), seed.random().nextLong()),
                stimuli)
            .make(
                subject,
                sources(subject, spec, selection(spec.stimuli(), only), shared(seed)),
                head.map(h -> h.possible(spec.conditions())).orElse(spec.conditions()),
                captioner);
      }
    }
    return request;
  }

  private static Set<String> trainedWithCaption(Decoded decoded, StimulusSet stimuli) {
    Set<String> ids = new LinkedHashSet<>();
    Set<String> tested = new LinkedHashSet<>();
    for (Split fold : decoded.folds()) {
      for (int row : fold.rows(Split.Part.TRAIN)) {
        ids.add(decoded.trials().get(row).stimulus());
      }
      for (int row : fold.rows(Split.Part.TEST)) {
        tested.add(decoded.trials().get(row).stimulus());
      }
    }
    ids.removeAll(tested);
    ids.removeIf(id -> stimuli.get(id).caption().isEmpty());
    return ids;
  }

  /** Captions and pictures of one root are of the same stimuli and have the same partners. */
  private static Seed shared(Seed seed) {
    return Seed.of(seed.root()).child("made");
  }

  private static MadeSources.Selection selection(int stimuli, String only) {
    return new MadeSources.Selection(stimuli, only);
  }

  private MadeSources sources(
      String subject, CaptionsSpec spec, MadeSources.Selection selection, Seed seed) {
    if (spec.head().isEmpty()) {
      return sources(subject, spec.stretch(), selection, seed);
    }
    return new MadeSources(
        new CaptionedHead(run, spec).of(Decoded.read(run, subject), StimulusFile.read(run), recipe),
        Stretch.NONE,
        selection,
        seed);
  }

  private MadeSources sources(
      String subject, Stretch stretch, MadeSources.Selection selection, Seed seed) {
    return new MadeSources(
        new MadeSources.Subject(
            Decoded.read(run, subject),
            targets,
            StimulusFile.read(run),
            recipe.evaluation().similarity()),
        stretch,
        selection,
        seed);
  }

  private Map<String, String> facts(String pack, String fingerprint, Stretch stretch) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("model", pack);
    facts.put("model SHA-256", fingerprint);
    facts.put("space", targets.embeddings().space().toString());
    facts.put("decoded embeddings", "mean over the trials of a stimulus, " + stretch.words());
    return facts;
  }

  private MadeRequest request(String what, Record spec, String only, Map<String, String> facts) {
    String identity =
        Fingerprint.ofText(
            String.format(
                Locale.ROOT,
                "noesis-%s-1\n%s\n%s\n%s\n%s",
                what,
                run.identity(),
                YamlTree.write(RecordBinder.tree(spec)),
                only,
                facts));
    return new MadeRequest(what, identity, facts);
  }
}
