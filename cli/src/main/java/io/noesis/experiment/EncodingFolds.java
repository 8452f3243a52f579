package io.noesis.experiment;

import io.noesis.alignment.encoding.EncodingModel;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.ridge.BandedSpec;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.ingest.study.Trial;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Predicts the test responses of one subject, fold by fold. */
final class EncodingFolds {
  private final EncodingRecipe recipe;
  private final Map<String, TargetTable> features;
  private final SubjectResponses subject;
  private final FoldTraining training;
  private final Lineages lineages;

  EncodingFolds(
      EncodingRecipe recipe,
      Map<String, TargetTable> features,
      SubjectResponses subject,
      FoldTraining training,
      Lineages lineages) {
    this.recipe = recipe;
    this.features = features;
    this.subject = subject;
    this.training = training;
    this.lineages = lineages;
  }

  /**
   * One fold.
   *
   * @param predicted {@code [rows, voxels]}
   * @param measured {@code [rows, voxels]}
   * @param parts of the prediction per space; empty where it does not split
   */
  record Predicted(Tensor predicted, Tensor measured, List<Tensor> parts) {}

  /**
   * Fits one fold and predicts its test rows. A network is kept, as decoders are.
   *
   * @param rows prepared responses
   * @param fold the split
   * @param number of the fold, from 0
   */
  Predicted predict(ResponsePreparation.Prepared rows, Split fold, int number) {
    List<Tensor> train = spaces(rows.trained());
    List<Tensor> test = spaces(rows.tested());
    Seed seed =
        Seed.of(recipe.seed())
            .child("encoding")
            .child("sub-" + subject.subject())
            .child(fold.name());
    List<String> labels = groups(rows.trained());
    List<String> distinct = labels.stream().distinct().toList();
    int[] groups = labels.stream().mapToInt(distinct::indexOf).toArray();
    EncodingModelSpec model = recipe.model();
    return switch (model.method()) {
      case RIDGE -> {
        EncodingModel fitted =
            EncodingModel.fit(beside(train), rows.train(), groups, model.ridge());
        yield new Predicted(fitted.predict(List.of(beside(test))), rows.test(), List.of());
      }
      case BANDED -> {
        BandedSpec usual = BandedSpec.defaults();
        BandedSpec spec =
            new BandedSpec(
                model.ridge(), model.weightings(), usual.concentrations(), usual.weightings());
        EncodingModel fitted = EncodingModel.fitBanded(train, rows.train(), groups, spec, seed);
        yield new Predicted(fitted.predict(test), rows.test(), fitted.contributions(test));
      }
      case NETWORK ->
          new Predicted(
              training
                  .kept(
                      task(rows.trained(), fold, number, seed),
                      new TrainingRows(tokens(train), rows.train(), labels))
                  .encode(tokens(test)),
              rows.test(),
              List.of());
    };
  }

  private FoldTraining.Task task(List<Integer> rows, Split fold, int number, Seed seed) {
    Set<String> stimuli = new TreeSet<>();
    rows.forEach(row -> stimuli.add(lineages.fingerprint(subject.trials().get(row).stimulus())));
    return new FoldTraining.Task(
        String.format("%s/encoder/fold-%03d", Decoded.folder(subject.subject()), number + 1),
        recipe.model().network().orElseThrow(),
        seed,
        lineages.metadata(lineages.of(subject.subject(), stimuli), fold, subject.subject()));
  }

  /** Recordings, or stimuli where there is one recording. */
  private List<String> groups(List<Integer> rows) {
    List<Trial> trials = rows.stream().map(row -> subject.trials().get(row)).toList();
    boolean several = trials.stream().map(Trial::recording).distinct().count() > 1;
    return trials.stream().map(t -> several ? t.recording() : t.stimulus()).toList();
  }

  private List<Tensor> spaces(List<Integer> rows) {
    List<Tensor> out = new ArrayList<>();
    for (TargetTable space : features.values()) {
      List<String> keys =
          rows.stream().map(row -> space.unit().key(subject.trials().get(row))).toList();
      Tensor values = space.embeddings().values().rows(space.embeddings().rowsOf(keys));
      out.add(values.reshape(values.dim(0), values.size() / values.dim(0)));
    }
    return out;
  }

  private static Tensor beside(List<Tensor> spaces) {
    return tokensOrBeside(spaces, spaces.stream().mapToInt(s -> s.dim(1)).toArray());
  }

  private static Tensor tokens(List<Tensor> spaces) {
    int widest = spaces.stream().mapToInt(space -> space.dim(1)).max().orElseThrow();
    int[] widths = IntStream.range(0, spaces.size()).map(s -> widest).toArray();
    return tokensOrBeside(spaces, widths).reshape(spaces.get(0).dim(0), spaces.size(), widest);
  }

  /** All spaces of a row behind each other, each in a place of so many numbers. */
  private static Tensor tokensOrBeside(List<Tensor> spaces, int[] places) {
    int rows = spaces.get(0).dim(0);
    int all = IntStream.of(places).sum();
    float[] out = new float[rows * all];
    int from = 0;
    for (int s = 0; s < places.length; s++) {
      int width = spaces.get(s).dim(1);
      for (int row = 0; row < rows; row++) {
        System.arraycopy(spaces.get(s).array(), row * width, out, row * all + from, width);
      }
      from += places[s];
    }
    return Tensor.wrap(out, rows, all);
  }
}
