package io.noesis.experiment;

import io.noesis.encoders.Shown;
import io.noesis.report.Report.Line;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** So many at least, however large a decoded row is: a p of 0.05 can be found. */
  static final int LEAST = 19;

  /** Numbers of one subject's file that are not exceeded by more exchanges than the fewest. */
  private static final long NUMBERS = 1L << 23;

  /** Numbers of responses and of what is decoded of them that are held at a time: 64 MB. */
  private static final int TOGETHER = 1 << 24;

  private ExchangedResponses() {}

  /** What decodes rows, and several things of them by name. */
  @FunctionalInterface
  interface Decoder {
    /**
     * Decodes.
     *
     * @param responses {@code [rows, ...]}
     * @param told features of the stimuli by name, one row for each response
     * @return what is decoded, {@code [rows, ...]} by name
     */
    Map<String, Tensor> of(Tensor responses, Map<String, Tensor> told);
  }

  /**
   * The test rows of a fold.
   *
   * @param responses {@code [rows, ...]}
   * @param told features of their stimuli, by name
   * @param stimuli of each
   */
  record Rows(Tensor responses, Map<String, Tensor> told, List<String> stimuli) {}

  /**
   * Decodes a fold.
   *
   * @param decoder of the fold
   * @param rows its test rows
   * @param permutations how many nulls have otherwise
   * @param seed of the exchanges
   * @return for each exchange what is decoded, {@code [rows, dim]}, by name
   */
  static Map<String, List<Tensor>> of(Decoder decoder, Rows rows, int permutations, Seed seed) {
    List<String> stimuli = rows.stimuli();
    Map<String, List<Integer>> members = new LinkedHashMap<>();
    for (int row = 0; row < stimuli.size(); row++) {
      members.computeIfAbsent(stimuli.get(row), id -> new ArrayList<>()).add(row);
    }
    List<String> ids = List.copyOf(members.keySet());
    Map<String, List<Tensor>> decoded = new LinkedHashMap<>();
    int count = 1;
    int atOnce = 1;
    for (int done = 0; done < count; ) {
      int[][] from = new int[Math.min(atOnce, count - done)][];
      for (int i = 0; i < from.length; i++) {
        from[i] = from(members, ids, stimuli.size(), seed.child("" + (done + i)).random());
      }
      int numbers = decode(decoder, rows, from, decoded);
      done += from.length;
      count = count(numbers, permutations);
      atOnce = Math.max(1, TOGETHER / Math.max(1, rows.responses().size() + numbers));
    }
    return decoded;
  }

  /**
   * Decodes several exchanges at once: to open a large decoder takes as long as to decode hundreds
   * of rows.
   *
   * @return how many numbers are decoded of one exchange, at most
   */
  private static int decode(
      Decoder decoder, Rows rows, int[][] from, Map<String, List<Tensor>> decoded) {
    int count = rows.responses().dim(0);
    int[] same = IntStream.range(0, from.length * count).map(i -> i % count).toArray();
    int[] other = Arrays.stream(from).flatMapToInt(Arrays::stream).toArray();
    int most = 0;
    for (Map.Entry<String, Tensor> values :
        decoder.of(rows.responses().rows(other), Shown.rows(rows.told(), same)).entrySet()) {
      Tensor all = EncoderSpec.flat(values.getValue());
      for (int i = 0; i < from.length; i++) {
        int first = i * count;
        decoded
            .computeIfAbsent(values.getKey(), n -> new ArrayList<>())
            .add(all.rows(IntStream.range(first, first + count).toArray()));
      }
      most = Math.max(most, all.size() / from.length);
    }
    return most;
  }

  private static int count(int numbers, int permutations) {
    long fit = Math.max(LEAST, NUMBERS / Math.max(1, numbers));
    return (int) Math.min(Math.min(MOST, permutations), fit);
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

  /**
   * Where those of decoded test rows lie.
   *
   * @param run its folder
   * @param place of the decoded rows, below the run's
   */
  static Path file(RunFolder run, String place) {
    return run.file(place + "/decoded_exchanged.npy");
  }

  /**
   * Those of all folds together; as many as each fold has.
   *
   * @param folds exchanges of each fold, {@code [rows, dim]} each
   * @return {@code [rows of all folds, dim]} each; none where there are no folds
   */
  static List<Tensor> joined(List<List<Tensor>> folds) {
    int count = folds.stream().mapToInt(List::size).min().orElse(0);
    return IntStream.range(0, count)
        .mapToObj(
            draw ->
                Tensor.concatenate(
                    folds.stream().map(fold -> fold.get(draw)).toArray(Tensor[]::new)))
        .toList();
  }

  /** Keeps exchanges, {@code [rows, dim]} each; writes nothing where there are none. */
  static void write(Path file, List<Tensor> draws) {
    if (!draws.isEmpty()) {
      Npy.write(
          file,
          Tensor.concatenate(
              draws.stream()
                  .map(draw -> draw.reshape(1, draw.dim(0), draw.dim(1)))
                  .toArray(Tensor[]::new)));
    }
  }

  /** Those that are kept, each {@code [rows, dim]}; none where there is no such file. */
  static List<Tensor> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    Tensor all = Npy.read(file);
    return IntStream.range(0, all.dim(0))
        .mapToObj(draw -> all.rows(new int[] {draw}).reshape(all.dim(1), all.dim(2)))
        .toList();
  }
}
