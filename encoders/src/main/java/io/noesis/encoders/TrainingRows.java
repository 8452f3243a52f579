package io.noesis.encoders;

import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an encoder may see.
 *
 * @param responses {@code [trials, voxels]} or {@code [trials, channels, samples]}; training trials
 *     only
 * @param targets {@code [trials, dim]} or {@code [trials, tokens, dim]}: the embedding each
 *     response should give
 * @param groups one label per row; inner cross-validation leaves whole groups out, so that
 *     neighbouring trials never sit on both sides
 * @param recorded whose rows they are
 * @param shown stimuli and further targets
 */
public record TrainingRows(
    Tensor responses, Tensor targets, List<String> groups, Recorded recorded, Shown shown) {
  /** Checks that all have the same number of rows. */
  public TrainingRows {
    Check.size("target rows", responses.dim(0), targets.dim(0));
    Check.size("group labels", responses.dim(0), groups.size());
    Check.size("subject labels", responses.dim(0), recorded.subjects().size());
    shown.check(responses.dim(0));
    groups = List.copyOf(groups);
  }

  /**
   * Rows of which nothing but the embedding is known.
   *
   * @param responses {@code [trials, voxels]} or {@code [trials, channels, samples]}
   * @param targets one row each
   * @param groups one label per row
   * @param recorded whose rows they are
   */
  public TrainingRows(Tensor responses, Tensor targets, List<String> groups, Recorded recorded) {
    this(responses, targets, groups, recorded, Shown.UNKNOWN);
  }

  /**
   * Rows of one subject.
   *
   * @param responses {@code [trials, voxels]} or {@code [trials, channels, samples]}
   * @param targets one row each
   * @param groups one label per row
   */
  public TrainingRows(Tensor responses, Tensor targets, List<String> groups) {
    this(responses, targets, groups, Recorded.ofOne(responses.dim(0), responses.dim(1)));
  }

  /** The same rows of sensors or voxels at those places. */
  public TrainingRows at(List<List<Double>> places) {
    return new TrainingRows(responses, targets, groups, recorded.at(places), shown);
  }

  /** The same rows, of which more is known. */
  public TrainingRows showing(Shown what) {
    return new TrainingRows(responses, targets, groups, recorded, what);
  }

  /** The same rows with targets of another shape. */
  public TrainingRows aimedAt(Tensor others) {
    return new TrainingRows(responses, others, groups, recorded, shown);
  }

  /**
   * Some of the rows, of the same subjects.
   *
   * @param which row numbers, in the order that they shall have
   * @return copies of them
   */
  public TrainingRows some(int[] which) {
    List<String> subjects = Arrays.stream(which).mapToObj(recorded.subjects()::get).toList();
    return new TrainingRows(
        responses.rows(which),
        targets.rows(which),
        Arrays.stream(which).mapToObj(groups::get).toList(),
        new Recorded(subjects, recorded.widths(), recorded.positions()),
        shown.some(which));
  }

  /**
   * The rows of several subjects one after another, filled up with zeros to the widest.
   *
   * @param bySubject rows of one subject each, by its label; the axes but the first two agree
   * @return all of them
   */
  public static TrainingRows join(Map<String, TrainingRows> bySubject) {
    Check.argument(!bySubject.isEmpty(), "joining subjects: expected at least one");
    int widest = bySubject.values().stream().mapToInt(r -> r.responses().dim(1)).max().orElse(0);
    List<Tensor> responses = new ArrayList<>();
    List<Tensor> targets = new ArrayList<>();
    List<String> groups = new ArrayList<>();
    List<String> subjects = new ArrayList<>();
    Map<String, Integer> widths = new LinkedHashMap<>();
    bySubject.forEach(
        (subject, rows) -> {
          responses.add(padded(rows.responses(), widest));
          targets.add(rows.targets());
          groups.addAll(rows.groups());
          subjects.addAll(Collections.nCopies(rows.groups().size(), subject));
          widths.put(subject, rows.responses().dim(1));
        });
    List<List<Double>> positions =
        NetworkSizes.positionsOfAll(
            bySubject.values().stream().map(rows -> rows.recorded().positions()).toList());
    return new TrainingRows(
        Tensor.concatenate(responses.toArray(Tensor[]::new)),
        Tensor.concatenate(targets.toArray(Tensor[]::new)),
        groups,
        new Recorded(subjects, widths, positions),
        Shown.join(bySubject.values().stream().map(TrainingRows::shown).toList()));
  }

  /**
   * Rows filled up with zeros.
   *
   * @param responses {@code [trials, width, ...]}
   * @param widest the width to fill up to
   * @return {@code [trials, widest, ...]}; the same object when nothing is missing
   */
  public static Tensor padded(Tensor responses, int widest) {
    int width = responses.dim(1);
    if (width == widest) {
      return responses;
    }
    int[] sizes = responses.shape().toArray();
    sizes[1] = widest;
    Tensor out = Tensor.zeros(sizes);
    int from = width == 0 || sizes[0] == 0 ? 0 : responses.size() / sizes[0];
    int to = out.size() / Math.max(1, sizes[0]);
    for (int row = 0; row < sizes[0]; row++) {
      System.arraycopy(responses.array(), row * from, out.array(), row * to, from);
    }
    return out;
  }
}
