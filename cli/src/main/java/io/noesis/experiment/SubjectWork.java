package io.noesis.experiment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Recorded;
import io.noesis.encoders.Shown;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.ridge.TargetSource;
import io.noesis.ingest.study.ColumnChoice;
import io.noesis.ingest.study.FitRecord;
import io.noesis.ingest.study.Repetitions;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.ingest.study.SubjectResponses.Note;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.study.TrialTable;
import io.noesis.run.AtomicFile;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One subject while its folds are trained: its rows by fold, and what was decoded of them. */
final class SubjectWork {
  /** No further target has that name. */
  private static final String EMBEDDING = "";

  private final SubjectResponses subject;
  private final Regions regions;
  private final List<Split> folds;
  private final TargetTable targets;
  private final HeadTargets heads;
  private final HeadTargets told;
  private final ResponsePreparation preparation;
  private final DecodingRecipe recipe;
  private final int[] targetRow;
  private final List<FitRecord> fits;
  private final List<Decoded.Row> rows = new ArrayList<>();
  private final Map<Integer, Preparation> preparations = new LinkedHashMap<>();
  private final List<Tensor> decoded = new ArrayList<>();
  private final List<Tensor> means = new ArrayList<>();
  private final Map<String, Set<String>> facts = new LinkedHashMap<>();
  private final Map<String, List<Tensor>> headValues = new LinkedHashMap<>();
  private final Map<String, List<Tensor>> headMeans = new LinkedHashMap<>();
  private final Map<String, List<List<Tensor>>> exchanged = new LinkedHashMap<>();
  private final TrialsAlone alone;
  private final StringBuilder metrics = new StringBuilder();

  /**
   * What its trials are decoded into.
   *
   * @param embedding targets of all trials
   * @param heads further ones
   * @param told what decoders are told of the stimuli
   */
  record Aims(TargetTable embedding, HeadTargets heads, HeadTargets told) {}

  SubjectWork(Plan.Read read, List<Split> folds, Aims aims, DecodingRecipe recipe) {
    this.subject = read.responses();
    this.regions = read.regions();
    this.folds = folds;
    this.targets = aims.embedding();
    this.heads = aims.heads();
    this.told = aims.told();
    this.preparation = new ResponsePreparation(recipe.responses(), subject);
    this.recipe = recipe;
    this.alone = new TrialsAlone(recipe.encoder(), subject.subject());
    this.targetRow =
        targets
            .embeddings()
            .rowsOf(subject.trials().trials().stream().map(targets.unit()::key).toList());
    this.fits = new ArrayList<>(subject.fits());
    for (Split fold : folds) {
      int[] tested = fold.rows(Split.Part.TEST);
      recipe
          .encoder()
          .rescale()
          .requireSome(
              label(),
              fold,
              Repetitions.groups(trials(), tested, recipe.responses().average().test()).size());
    }
  }

  String label() {
    return subject.subject();
  }

  int voxels() {
    return subject.responses().dim(1);
  }

  /** Without which its test rows are decoded once more. */
  Regions regions() {
    return regions;
  }

  /** Which voxels it is decoded from, in words; empty for all. */
  Optional<String> voxelsChosen() {
    return subject.columns().choice().map(ColumnChoice::inWords);
  }

  List<Split> folds() {
    return folds;
  }

  TrialTable trials() {
    return subject.trials();
  }

  /** Its stimuli that a fold trains on. */
  Set<String> trainedStimuli(int fold) {
    return Arrays.stream(folds.get(fold).rows(Split.Part.TRAIN))
        .mapToObj(row -> subject.trials().get(row).stimulus())
        .collect(Collectors.toCollection(HashSet::new));
  }

  /** The rows of a fold; what is fitted on the way is kept once. */
  FoldRows rows(int fold) {
    return rows(fold, folds.get(fold).rows(Split.Part.TRAIN));
  }

  /**
   * The rows of a fold of which only some training trials may be seen.
   *
   * @param fold its number
   * @param train rows of the trial table
   */
  FoldRows rows(int fold, int[] train) {
    ResponsePreparation.Prepared prepared = preparation.of(folds.get(fold), train);
    int[] trained = prepared.trained().stream().mapToInt(i -> i).toArray();
    Seed seed = Training.seed(recipe, label(), folds.get(fold).name()).child("control");
    int[] seen = recipe.control().shown(trained, seed);
    int[] aims = Arrays.stream(seen).map(row -> targetRow[row]).toArray();
    Tensor table = targets.embeddings().values();
    Optional<TargetSource> streamed =
        StreamedRows.wanted(recipe, label(), prepared.train(), table.dim(1))
            ? Optional.of(TargetSource.of(table, aims))
            : Optional.empty();
    Tensor y = streamed.isPresent() ? Tensor.zeros(aims.length, 0) : table.rows(aims);
    Recorded recorded =
        Recorded.ofOne(trained.length, prepared.train().dim(1)).at(subject.positions());
    List<Trial> trials = Arrays.stream(seen).mapToObj(subject.trials()::get).toList();
    Shown shown =
        new Shown(trials.stream().map(Trial::stimulus).toList(), heads.of(trials), told.of(trials))
            .drawing(heads.choices(targets, trials));
    List<Trial> tested = prepared.tested().stream().map(subject.trials()::get).toList();
    return new FoldRows(
        new TrainingRows(prepared.train(), y, groups(trained, trials), recorded).showing(shown),
        prepared.test(),
        told.of(tested),
        prepared.tested(),
        prepared.fit(),
        prepared.preparation(),
        streamed);
  }

  /**
   * Decodes the test rows of a fold, and some of them alone, and keeps what came of it.
   *
   * @param fold its number
   * @param of the rows it was trained on and decodes
   * @param encoder of the fold
   * @param decoding decodes all test rows by an encoder, and tells what was chosen while fitting
   * @return the decoded test rows as they are kept, {@code [rows, dim]}
   */
  Tensor decode(
      int fold,
      FoldRows of,
      BrainEncoder encoder,
      Function<BrainEncoder, EncoderPrior.Drawn> decoding) {
    of.fit().ifPresent(fits::add);
    recipe.encoder().rescale().fit(folds.get(fold)).ifPresent(fits::add);
    preparations.put(fold, of.preparation());
    EncoderPrior.Drawn drawn = decoding.apply(encoder);
    Map<String, String> encoderFacts = drawn.facts();
    encoderFacts.forEach((k, v) -> facts.computeIfAbsent(k, l -> new HashSet<>()).add(v));
    Tensor values =
        alone.compare(
            folds.get(fold).name(),
            of,
            encoder,
            EncoderSpec.flat(drawn.values()),
            other -> EncoderSpec.flat(decoding.apply(other).values()));
    decoded.add(values);
    means.add(of.meanTarget());
    of.tested().forEach(row -> rows.add(new Decoded.Row(row, fold)));
    ObjectNode line = YamlTree.emptyMapping();
    line.put("fold", folds.get(fold).name());
    line.put("train", of.train().groups().size());
    line.put("test", of.test().dim(0));
    encoderFacts.forEach(line::put);
    metrics.append(line).append('\n');
    return values;
  }

  /**
   * Keeps what outputs of a fold's network that were trained to further targets say of its test
   * rows: heads of the target's name, and others that a loss holds against it.
   *
   * @param encoder of the fold
   * @param of the rows it was trained on and decodes
   */
  void heads(BrainEncoder encoder, FoldRows of) {
    further(encoder, of.test(), of.told())
        .forEach(
            (name, own) -> {
              Tensor targets = Objects.requireNonNull(of.train().shown().targets().get(name));
              headValues.computeIfAbsent(name, n -> new ArrayList<>()).add(own);
              headMeans
                  .computeIfAbsent(name, n -> new ArrayList<>())
                  .add(ColumnStatistics.of(targets).mean());
            });
  }

  /** What outputs that were trained to further targets say of responses, by the target's name. */
  private Map<String, Tensor> further(
      BrainEncoder encoder, Tensor responses, Map<String, Tensor> told) {
    Map<String, Tensor> further = new LinkedHashMap<>();
    if (heads.tables().isEmpty()) {
      return further;
    }
    Map<String, Tensor> values = encoder.heads(responses, label(), told);
    Map<String, Optional<String>> met = recipe.encoder().met();
    for (String name : heads.tables().keySet()) {
      Optional<String> head = met.getOrDefault(name, Optional.of(name));
      Tensor own =
          head.isPresent() ? values.get(head.get()) : encoder.encode(responses, label(), told);
      if (own != null) {
        further.put(name, own);
      }
    }
    return further;
  }

  /**
   * Keeps what a fold's encoder makes of the responses to other stimuli, where it is told something
   * of the stimuli themselves.
   *
   * @param fold its number
   * @param encoder of the fold
   * @param of the rows it was trained on and decodes
   * @return for each exchange what is decoded, {@code [rows, dim]}; none where it is told nothing
   */
  List<Tensor> exchanged(int fold, BrainEncoder encoder, FoldRows of) {
    if (encoder.inputs().isEmpty()) {
      return List.of();
    }
    Map<String, List<Tensor>> draws =
        exchanging(
            fold,
            of,
            (responses, told) -> {
              Map<String, Tensor> all = further(encoder, responses, told);
              all.put(EMBEDDING, encoder.encode(responses, label(), told));
              return all;
            });
    draws.forEach((name, own) -> exchanged.computeIfAbsent(name, n -> new ArrayList<>()).add(own));
    return Objects.requireNonNull(draws.get(EMBEDDING));
  }

  /** The same of an encoder of which nothing is kept. */
  List<Tensor> exchanging(int fold, BrainEncoder encoder, FoldRows of) {
    if (encoder.inputs().isEmpty()) {
      return List.of();
    }
    Map<String, List<Tensor>> draws =
        exchanging(
            fold,
            of,
            (responses, told) -> Map.of(EMBEDDING, encoder.encode(responses, label(), told)));
    return Objects.requireNonNull(draws.get(EMBEDDING));
  }

  private Map<String, List<Tensor>> exchanging(
      int fold, FoldRows of, ExchangedResponses.Decoder decoder) {
    return ExchangedResponses.of(
        decoder,
        new ExchangedResponses.Rows(
            of.test(),
            of.told(),
            of.tested().stream().map(row -> subject.trials().get(row).stimulus()).toList()),
        recipe.evaluation().permutations(),
        Training.seed(recipe, label(), "exchanged").child("fold " + fold));
  }

  /** A transform that was fitted on rows of this subject besides the scaling. */
  void fitted(FitRecord fit) {
    fits.add(fit);
  }

  /** All folds together; what was chosen, and how responses were prepared, is written. */
  Decoded end(RunFolder run) {
    preparations.forEach(
        (fold, prepared) ->
            prepared.write(
                run.file(Decoded.preparationFile(subject.subject(), fold)),
                subject.subject(),
                folds.get(fold).hash()));
    AtomicFile.writeText(
        run.file(Decoded.folder(subject.subject()) + "/metrics.jsonl"), metrics.toString());
    Ablating.end(run, this);
    alone.end(run);
    headValues.forEach(
        (name, folds) ->
            HeadScores.write(
                run,
                subject.subject(),
                name,
                joined(folds),
                joined(Objects.requireNonNull(headMeans.get(name)))));
    exchanged.forEach(
        (name, folds) ->
            ExchangedResponses.write(
                name.equals(EMBEDDING)
                    ? ExchangedResponses.file(run, Decoded.folder(label()))
                    : HeadScores.exchanged(run, label(), name),
                ExchangedResponses.joined(folds)));
    return new Decoded(
        subject.subject(),
        subject.trials(),
        folds,
        rows,
        joined(decoded),
        joined(means),
        subject.kind(),
        fits,
        notes());
  }

  /**
   * What inner cross-validation leaves out together: whole recordings, unless a stimulus was shown
   * in several of them or to several subjects, then stimuli.
   */
  private List<String> groups(int[] rows, List<Trial> shown) {
    Map<String, Set<String>> recordings = new HashMap<>();
    List<String> all = Arrays.stream(rows).mapToObj(r -> trials().get(r).recording()).toList();
    for (int i = 0; i < rows.length; i++) {
      recordings.computeIfAbsent(shown.get(i).stimulus(), s -> new HashSet<>()).add(all.get(i));
    }
    boolean byRecording =
        recipe.encoder().subjects() == EncoderSpec.Subjects.EACH
            && all.stream().distinct().count() > 1
            && recordings.values().stream().allMatch(seen -> seen.size() == 1);
    return byRecording ? all : shown.stream().map(Trial::stimulus).toList();
  }

  private List<Note> notes() {
    List<Note> notes = new ArrayList<>(subject.notes());
    ResponseCeiling.of(subject, folds).ifPresent(notes::add);
    facts.forEach(
        (label, values) ->
            notes.add(new Note(label, values.stream().sorted().collect(Collectors.joining(", ")))));
    return notes;
  }

  private static Tensor joined(List<Tensor> folds) {
    return Tensor.concatenate(folds.toArray(Tensor[]::new));
  }
}
