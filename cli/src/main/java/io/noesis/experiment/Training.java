package io.noesis.experiment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.alignment.train.Trainer;
import io.noesis.alignment.train.TrainingRun;
import io.noesis.alignment.train.TrainingSpec;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.Fitting;
import io.noesis.encoders.NetworkTrainer;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.ingest.signal.Standardizer;
import io.noesis.ingest.study.FitRecord;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.ingest.study.SubjectResponses.Note;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.study.TrialTable;
import io.noesis.run.AtomicFile;
import io.noesis.run.Progress;
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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Fits every fold of one subject and decodes its test trials. */
final class Training {
  private final DecodingRecipe recipe;
  private final TargetTable targets;
  private final RunFolder run;
  private final Progress progress;

  Training(DecodingRecipe recipe, TargetTable targets, RunFolder run, Progress progress) {
    this.recipe = recipe;
    this.targets = targets;
    this.run = run;
    this.progress = progress;
  }

  /**
   * Trains and decodes; weights are written as each fold ends.
   *
   * @param subject trials and responses
   * @param folds one split per fold
   * @return the decoded test rows
   */
  Decoded train(SubjectResponses subject, List<Split> folds) {
    TrialTable trials = subject.trials();
    int[] targetRow =
        targets.embeddings().rowsOf(trials.trials().stream().map(targets.unit()::key).toList());
    List<FitRecord> fits = new ArrayList<>(subject.fits());
    List<Decoded.Row> rows = new ArrayList<>();
    List<Tensor> decoded = new ArrayList<>();
    List<Tensor> means = new ArrayList<>();
    Map<String, Set<String>> facts = new LinkedHashMap<>();
    StringBuilder metrics = new StringBuilder();
    progress.begin("sub-" + subject.subject() + ": training", folds.size());
    for (int f = 0; f < folds.size(); f++) {
      Split fold = folds.get(f);
      int[] train = fold.rows(Split.Part.TRAIN);
      int[] test = fold.rows(Split.Part.TEST);
      Tensor y = targets.embeddings().values().rows(pick(targetRow, train));
      Prepared x = prepare(subject.responses(), fold, fits);
      BrainEncoder encoder =
          Architectures.registry()
              .get(recipe.encoder().architecture())
              .fit(
                  new TrainingRows(x.train(), y, groups(trials, train)),
                  recipe.encoder().settings(),
                  new Fitting(
                      Seed.of(recipe.seed())
                          .child("encoder")
                          .child("sub-" + subject.subject())
                          .child(fold.name()),
                      trainer()));
      encoder.facts().forEach((k, v) -> facts.computeIfAbsent(k, l -> new HashSet<>()).add(v));
      encoder.save(
          run.file(Decoded.decoderFile(subject.subject(), f)),
          Decoded.decoderMetadata(run.identity(), subject.subject(), fold));
      decoded.add(encoder.encode(x.test()));
      means.add(mean(y));
      int number = f;
      Arrays.stream(test).forEach(row -> rows.add(new Decoded.Row(row, number)));
      metrics.append(metricsLine(fold, train.length, test.length, encoder.facts())).append('\n');
      progress.step(1);
    }
    AtomicFile.writeText(
        run.file(Decoded.folder(subject.subject()) + "/metrics.jsonl"), metrics.toString());
    progress.done(
        rows.size()
            + " trials decoded in "
            + folds.size()
            + (folds.size() == 1 ? " fold" : " folds"));
    return new Decoded(
        subject.subject(),
        trials,
        folds,
        rows,
        Tensor.concatenate(decoded.toArray(Tensor[]::new)),
        Tensor.concatenate(means.toArray(Tensor[]::new)),
        subject.kind(),
        fits,
        notes(subject, folds, facts));
  }

  private static String metricsLine(
      Split fold, int trained, int tested, Map<String, String> facts) {
    ObjectNode line = YamlTree.emptyMapping();
    line.put("fold", fold.name());
    line.put("train", trained);
    line.put("test", tested);
    facts.forEach(line::put);
    return line.toString();
  }

  private NetworkTrainer trainer() {
    return Trainer.of(
        recipe.encoder().training().orElseGet(TrainingSpec::defaults), TrainingRun.silent());
  }

  /** Responses of the two parts of a fold, scaled alike. */
  private record Prepared(Tensor train, Tensor test) {}

  private Prepared prepare(Tensor responses, Split fold, List<FitRecord> fits) {
    int[] train = fold.rows(Split.Part.TRAIN);
    int[] test = fold.rows(Split.Part.TEST);
    Tensor x = responses.rows(train);
    Tensor z = responses.rows(test);
    if (recipe.responses().standardize() == ResponseSpec.Standardize.NONE) {
      return new Prepared(x, z);
    }
    boolean all = recipe.responses().standardize() == ResponseSpec.Standardize.ALL_TRIALS;
    int[] both = IntStream.concat(Arrays.stream(train), Arrays.stream(test)).sorted().toArray();
    int[] seen = all ? both : train;
    Standardizer scale = Standardizer.fit(all ? responses.rows(both) : x, seen);
    fits.add(
        new FitRecord(
            "mean and deviation of each voxel",
            all ? "all trials" : "training trials",
            boxed(scale.fittedRows()),
            boxed(both),
            fold.name()));
    return new Prepared(scale.apply(x), scale.apply(z));
  }

  /**
   * What inner cross-validation leaves out together: whole recordings, unless a stimulus was shown
   * in several of them, then stimuli.
   */
  private static List<String> groups(TrialTable trials, int[] rows) {
    Map<String, Set<String>> recordings = new HashMap<>();
    Set<String> all = new HashSet<>();
    for (int row : rows) {
      Trial trial = trials.get(row);
      recordings.computeIfAbsent(trial.stimulus(), s -> new HashSet<>()).add(trial.recording());
      all.add(trial.recording());
    }
    boolean byRecording =
        all.size() > 1 && recordings.values().stream().allMatch(seen -> seen.size() == 1);
    return Arrays.stream(rows)
        .mapToObj(row -> byRecording ? trials.get(row).recording() : trials.get(row).stimulus())
        .toList();
  }

  private static List<Note> notes(
      SubjectResponses subject, List<Split> folds, Map<String, Set<String>> facts) {
    List<Note> notes = new ArrayList<>(subject.notes());
    ResponseCeiling.of(subject, folds).ifPresent(notes::add);
    facts.forEach(
        (label, values) ->
            notes.add(new Note(label, values.stream().sorted().collect(Collectors.joining(", ")))));
    return notes;
  }

  private static Tensor mean(Tensor rows) {
    int width = rows.dim(1);
    double[] sum = new double[width];
    for (int i = 0; i < rows.size(); i++) {
      sum[i % width] += rows.array()[i];
    }
    float[] out = new float[width];
    for (int c = 0; c < width; c++) {
      out[c] = (float) (sum[c] / rows.dim(0));
    }
    return Tensor.wrap(out, 1, width);
  }

  private static int[] pick(int[] values, int[] which) {
    return Arrays.stream(which).map(i -> values[i]).toArray();
  }

  private static List<Integer> boxed(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
