package io.noesis.experiment;

import io.noesis.encoders.BrainEncoder;
import io.noesis.report.Report.Line;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * What a decoder that is told something of the stimuli makes of test rows whose responses are those
 * to other test stimuli of the fold, while what it is told stays true: the null of its scores, and
 * what can be said without the brain. Stimuli are exchanged as wholes, so that repetitions of one
 * stay together.
 */
final class ExchangedResponses {
  /** So many exchanges at most: the smallest p is then 0.005. */
  static final int MOST = 199;

  /** So many at least, however large a decoded row is: the smallest p is then 0.025. */
  static final int LEAST = 39;

  /** Numbers of one subject's file that are not exceeded by more exchanges than the fewest. */
  private static final long NUMBERS = 1L << 23;

  private ExchangedResponses() {}

  /**
   * Decodes.
   *
   * @param encoder of a fold
   * @param rows its test rows
   * @param stimuli of each test row
   * @param subject its label
   * @param evaluation how many permutations nulls have otherwise
   * @param seed of the exchanges
   * @return for each exchange what is decoded, {@code [rows, dim]}
   */
  static List<Tensor> of(
      BrainEncoder encoder,
      FoldRows rows,
      List<String> stimuli,
      String subject,
      EvaluationSpec evaluation,
      Seed seed) {
    Map<String, List<Integer>> members = new LinkedHashMap<>();
    for (int row = 0; row < stimuli.size(); row++) {
      members.computeIfAbsent(stimuli.get(row), id -> new ArrayList<>()).add(row);
    }
    List<String> ids = List.copyOf(members.keySet());
    List<Tensor> decoded = new ArrayList<>();
    int count = MOST;
    for (int draw = 0; draw < count; draw++) {
      int[] from = from(members, ids, stimuli.size(), seed.child("" + draw).random());
      Tensor values =
          EncoderSpec.flat(encoder.encode(rows.test().rows(from), subject, rows.told()));
      decoded.add(values);
      count = count(values.size(), evaluation);
    }
    return decoded;
  }

  /** How many exchanges, of a decoding of so many numbers. */
  static int count(int numbers, EvaluationSpec evaluation) {
    long fit = Math.max(LEAST, NUMBERS / Math.max(1, numbers));
    return (int) Math.min(Math.min(MOST, evaluation.permutations()), fit);
  }

  /** The row whose response each row gets. */
  private static int[] from(
      Map<String, List<Integer>> members, List<String> ids, int rows, PinnedRandom random) {
    int[] order = random.permutation(ids.size());
    int[] from = new int[rows];
    IntStream.range(0, ids.size())
        .forEach(
            i -> {
              List<Integer> own = Objects.requireNonNull(members.get(ids.get(i)));
              List<Integer> others = Objects.requireNonNull(members.get(ids.get(order[i])));
              for (int k = 0; k < own.size(); k++) {
                from[own.get(k)] = others.get(k % others.size());
              }
            });
    return from;
  }

  /** What the report says of the null. */
  static Line line(EncoderSpec encoder, int draws) {
    return new Line(
        "chance and null",
        "the decoder is told "
            + String.join(", ", encoder.inputs().keySet())
            + " of the stimuli; that is kept, and responses are exchanged between test stimuli, "
            + draws
            + " times");
  }

  private static Path file(RunFolder run, String subject) {
    return run.file(Decoded.folder(subject) + "/decoded_exchanged.npy");
  }

  /**
   * Keeps them; nothing where there are none.
   *
   * @param folds exchanges of each fold; as many of each are kept as all have
   */
  static void write(RunFolder run, String subject, List<List<Tensor>> folds) {
    if (folds.isEmpty()) {
      return;
    }
    int count = folds.stream().mapToInt(List::size).min().orElseThrow();
    Tensor[] draws = new Tensor[count];
    for (int draw = 0; draw < count; draw++) {
      int own = draw;
      Tensor rows =
          Tensor.concatenate(folds.stream().map(fold -> fold.get(own)).toArray(Tensor[]::new));
      draws[draw] = rows.reshape(1, rows.dim(0), rows.dim(1));
    }
    Npy.write(file(run, subject), Tensor.concatenate(draws));
  }

  /** Those that a run keeps, each {@code [rows, dim]}; empty where there are none. */
  static List<Tensor> read(RunFolder run, String subject) {
    if (!Files.isRegularFile(file(run, subject))) {
      return List.of();
    }
    Tensor all = Npy.read(file(run, subject));
    return IntStream.range(0, all.dim(0))
        .mapToObj(draw -> all.rows(new int[] {draw}).reshape(all.dim(1), all.dim(2)))
        .toList();
  }
}
