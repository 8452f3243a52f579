package io.noesis.experiment;

import io.noesis.alignment.functional.CommonSpace;
import io.noesis.alignment.functional.FunctionalAlignments;
import io.noesis.encoders.Shown;
import io.noesis.encoders.TrainingRows;
import io.noesis.ingest.study.FitRecord;
import io.noesis.ingest.study.Split;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Brings the rows of several subjects in one fold into a space that they share, fitted on their
 * mean responses to the stimuli that all of them were trained on.
 */
final class AlignedRows {
  private final ResponseSpec.Alignment spec;

  AlignedRows(ResponseSpec.Alignment spec) {
    this.spec = spec;
  }

  /**
   * Aligns them.
   *
   * @param rows of everybody
   * @param teachers labels of those who make the space; the others are mapped into it
   * @return the same rows in the space
   */
  Map<String, FoldRows> of(Map<String, FoldRows> rows, List<String> teachers) {
    List<String> shared = shared(rows);
    Map<String, Matrix> means = new LinkedHashMap<>();
    rows.forEach((subject, own) -> means.put(subject, means(own.train(), shared)));
    CommonSpace space =
        FunctionalAlignments.registry()
            .get(spec.method())
            .fit(
                teachers.stream().map(t -> Objects.requireNonNull(means.get(t))).toList(),
                spec.features());
    Map<String, FoldRows> aligned = new LinkedHashMap<>();
    rows.forEach(
        (subject, own) -> {
          int place = teachers.indexOf(subject);
          Matrix map =
              place < 0
                  ? space.mapOf(Objects.requireNonNull(means.get(subject)))
                  : space.maps().get(place);
          aligned.put(subject, mapped(own, map));
        });
    return aligned;
  }

  private List<String> shared(Map<String, FoldRows> rows) {
    Set<String> shared = new LinkedHashSet<>();
    boolean first = true;
    for (FoldRows own : rows.values()) {
      if (first) {
        shared.addAll(own.train().shown().stimuli());
      } else {
        shared.retainAll(Set.copyOf(own.train().shown().stimuli()));
      }
      first = false;
    }
    if (shared.size() < 2) {
      throw new RecipeException(
          "aligning "
              + rows.size()
              + " subjects ("
              + spec.method()
              + "): they share "
              + shared.size()
              + " training stimuli, at least 2 are needed. Leave responses.alignment out, or use a"
              + " study in which all saw the same.");
    }
    return List.copyOf(shared);
  }

  /** Mean response to each stimulus. */
  private static Matrix means(TrainingRows rows, List<String> stimuli) {
    int voxels = rows.responses().dim(1);
    Map<String, Integer> place = new LinkedHashMap<>();
    stimuli.forEach(id -> place.put(id, place.size()));
    double[] sums = new double[stimuli.size() * voxels];
    int[] counts = new int[stimuli.size()];
    for (int row = 0; row < rows.groups().size(); row++) {
      Integer at = place.get(rows.shown().stimuli().get(row));
      if (at != null) {
        counts[at]++;
        for (int v = 0; v < voxels; v++) {
          sums[at * voxels + v] += rows.responses().array()[row * voxels + v];
        }
      }
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] /= counts[i / voxels];
    }
    return Matrix.wrap(stimuli.size(), voxels, sums);
  }

  private static FoldRows mapped(FoldRows own, Matrix map) {
    TrainingRows train = own.train();
    Tensor responses = CommonSpace.apply(train.responses(), map);
    Shown shown = train.shown();
    return new FoldRows(
        new TrainingRows(responses, train.targets(), train.groups()).showing(shown),
        CommonSpace.apply(own.test(), map),
        own.told(),
        own.tested(),
        own.fit(),
        own.preparation().then(map.toTensor()),
        own.streamed());
  }

  /** What was fitted, for the audits. */
  FitRecord fit(SubjectWork subject, int fold) {
    Split split = subject.folds().get(fold);
    int[] train = split.rows(Split.Part.TRAIN);
    List<Integer> both = new ArrayList<>();
    Arrays.stream(train).forEach(both::add);
    Arrays.stream(split.rows(Split.Part.TEST)).forEach(both::add);
    return new FitRecord(
        "functional alignment (" + spec.method() + ")",
        "training trials",
        Arrays.stream(train).boxed().toList(),
        both.stream().sorted().toList(),
        split.name());
  }
}
