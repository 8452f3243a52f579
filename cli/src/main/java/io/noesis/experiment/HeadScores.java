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

  /** The scores of all heads that have targets of their name. */
  static List<HeadScores> of(
      RunFolder run, DecodingRecipe recipe, Decoded decoded, StimulusSet stimuli) {
    List<HeadScores> scores = new ArrayList<>();
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
    }
    return scores;
  }

  /** The headline scores for the data card. */
  Line line() {
    List<String> words = new ArrayList<>();
    String variant = entries.get(0).variant();
    for (Scoring.Entry entry : entries) {
      Score score = entry.score();
      if (entry.variant().equals(variant)
          && (score.metric().startsWith(TOP1 + "@") || score.metric().startsWith(TWO_WAY + "@"))) {
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
