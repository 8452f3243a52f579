package io.noesis.experiment;

import io.noesis.alignment.score.Score;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.report.Report.Line;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a head of the network decoded of one subject's test rows, scored against its own targets as
 * the embedding is against its.
 *
 * @param head its name
 * @param entries scores, headline variant first
 */
record HeadScores(String head, List<Scoring.Entry> entries) {
  private static final String TOP1 = "image_from_brain.top1";
  private static final String TWO_WAY = "image_from_brain.two_way";
  private static final String ACCURACY = "category_accuracy";

  /** What scores of all slots at once are called. */
  private static final String TOGETHER = "all slots";

  /** Of more concepts than these together, slots are scored one by one only. */
  private static final int COMBINATIONS = 20_000;

  private static String values(String subject, String head) {
    return Decoded.folder(subject) + "/" + HeadTargets.FOLDER + "/" + head + ".npy";
  }

  private static String means(String subject, String head) {
    return Decoded.folder(subject) + "/" + HeadTargets.FOLDER + "/" + head + "_means.npy";
  }

  /** Keeps what a head decoded, {@code [rows, ...]}, and its mean training targets. */
  static void write(RunFolder run, String subject, String head, Tensor values, Tensor means) {
    Npy.write(run.file(means(subject, head)), means);
    Npy.write(run.file(values(subject, head)), values);
  }

  /**
   * The scores of all heads that have targets of their name; where several are slots of attributes,
   * also of all slots together, unless they have more than {@value #COMBINATIONS} combinations.
   */
  static List<HeadScores> of(
      RunFolder run, DecodingRecipe recipe, Decoded decoded, StimulusSet stimuli) {
    List<HeadScores> scores = new ArrayList<>();
    List<TargetTable> targets = new ArrayList<>();
    List<Decoded> slots = new ArrayList<>();
    for (Map.Entry<String, TargetTable> head :
        HeadTargets.read(recipe.encoder(), run).tables().entrySet()) {
      String subject = decoded.subject();
      if (!Files.isRegularFile(run.file(values(subject, head.getKey())))) {
        continue; // A further target without a head of its name, such as altered pictures.
      }
      Tensor values = EncoderSpec.flat(Npy.read(run.file(values(subject, head.getKey()))));
      Decoded own = decoded.with(values, Npy.read(run.file(means(subject, head.getKey()))));
      Scoring scoring = new Scoring(recipe, head.getValue(), stimuli);
      scores.add(new HeadScores(head.getKey(), scoring.score(own).scores()));
      if (head.getValue().attribute().isPresent()) {
        targets.add(head.getValue());
        slots.add(own);
      }
    }
    if (slots.size() > 1 && combinations(slots) <= COMBINATIONS) {
      Tensor values = beside(slots.stream().map(own -> logShares(own.values())).toList());
      Tensor means = beside(slots.stream().map(Decoded::trainingMeans).toList());
      scores.add(
          new HeadScores(
              TOGETHER,
              new Scoring(recipe, targets.get(0), stimuli)
                  .together(decoded.with(values, means), targets)));
    }
    return scores;
  }

  private static long combinations(List<Decoded> slots) {
    return slots.stream().mapToLong(own -> own.values().dim(1)).reduce(1, Math::multiplyExact);
  }

  /** What softmax makes of logits, its logarithm. */
  private static Tensor logShares(Tensor logits) {
    int rows = logits.dim(0);
    int width = logits.dim(1);
    float[] out = new float[rows * width];
    for (int row = 0; row < rows; row++) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < width; i++) {
        largest = Math.max(largest, logits.at(row, i));
      }
      double sum = 0;
      for (int i = 0; i < width; i++) {
        sum += StrictMath.exp(logits.at(row, i) - largest);
      }
      for (int i = 0; i < width; i++) {
        out[row * width + i] = (float) (logits.at(row, i) - largest - StrictMath.log(sum));
      }
    }
    return Tensor.wrap(out, rows, width);
  }

  private static Tensor beside(List<Tensor> parts) {
    int rows = parts.get(0).dim(0);
    int width = parts.stream().mapToInt(part -> part.dim(1)).sum();
    Tensor out = Tensor.zeros(rows, width);
    int start = 0;
    for (Tensor part : parts) {
      int own = part.dim(1);
      for (int row = 0; row < rows; row++) {
        System.arraycopy(part.array(), row * own, out.array(), row * width + start, own);
      }
      start += own;
    }
    return out;
  }

  /** The headline scores for the data card. */
  Line line() {
    List<String> words = new ArrayList<>();
    String variant = entries.get(0).variant();
    for (Scoring.Entry entry : entries) {
      Score score = entry.score();
      if (entry.variant().equals(variant)
          && Stream.of(TOP1, TWO_WAY, ACCURACY)
              .anyMatch(metric -> score.metric().startsWith(metric + "@"))) {
        words.add(
            String.format(
                Locale.ROOT,
                "%s %.3f (chance %.3f, p %.2g)",
                score.metric(),
                score.value(),
                score.chance(),
                score.p()));
      }
    }
    return new Line("head '" + head + "'", String.join("; ", words) + "; " + variant);
  }
}
