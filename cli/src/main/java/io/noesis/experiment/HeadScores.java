package io.noesis.experiment;

import io.noesis.alignment.score.Score;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.report.Report.Line;
import io.noesis.run.DataException;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an output of the network decoded of one subject's test rows, scored against a further target
 * as the embedding is against its own.
 *
 * @param encoder what the network is called
 * @param head name of the target, and of the head that says it where one has its name
 * @param output which output it is, in words
 * @param entries scores, headline variant first
 */
record HeadScores(String encoder, String head, String output, List<Scoring.Entry> entries) {
  private static final String TOP1 = "image_from_brain.top1";
  private static final String TWO_WAY = "image_from_brain.two_way";

  /** Where a run keeps what a head decoded. */
  static String values(String subject, String head) {
    return Decoded.folder(subject) + "/" + HeadTargets.FOLDER + "/" + head + ".npy";
  }

  private static String means(String subject, String head) {
    return Decoded.folder(subject) + "/" + HeadTargets.FOLDER + "/" + head + "_means.npy";
  }

  /** Where it keeps what a head that is told something makes of exchanged responses. */
  static Path exchanged(RunFolder run, String subject, String head) {
    return run.file(
        Decoded.folder(subject) + "/" + HeadTargets.FOLDER + "/" + head + "_exchanged.npy");
  }

  /** Keeps what a head decoded, {@code [rows, ...]}, and its mean training targets. */
  static void write(RunFolder run, String subject, String head, Tensor values, Tensor means) {
    Npy.write(run.file(means(subject, head)), means);
    Npy.write(run.file(values(subject, head)), values);
  }

  /**
   * Whether a run keeps what was decoded of a further target.
   *
   * @throws DataException when it must, and does not
   */
  static boolean has(RunFolder run, DecodingRecipe recipe, String subject, String head) {
    boolean there = Files.isRegularFile(run.file(values(subject, head)));
    if (!there && recipe.encoder().met().containsKey(head)) {
      throw missing(run.file(values(subject, head)), head);
    }
    return there;
  }

  private static DataException missing(Path file, String head) {
    return new DataException(
        "reading what was decoded of the further target '"
            + head
            + "': there is no file "
            + file
            + ", which a run whose loss meets that target has. It was removed, or an older version of"
            + " Noesis did not keep it: put it back, or train the run again.");
  }

  /** What a head decoded in the place of the embedding. */
  static Decoded read(RunFolder run, String head, Decoded decoded) {
    String subject = decoded.subject();
    return decoded.with(
        EncoderSpec.flat(Npy.read(run.file(values(subject, head)))),
        Npy.read(run.file(means(subject, head))));
  }

  /**
   * The scores of all heads of one subject.
   *
   * @param scores of those that have targets of their name, other than slots
   * @param unscored what is not scored, and why
   */
  record All(List<HeadScores> scores, List<Line> unscored) {}

  /** The scores of all heads that have targets of their name, other than slots. */
  static All of(
      RunFolder run, DecodingRecipe recipe, String encoder, Decoded decoded, StimulusSet stimuli) {
    List<HeadScores> scores = new ArrayList<>();
    List<Line> unscored = new ArrayList<>();
    for (Map.Entry<String, TargetTable> head :
        HeadTargets.read(recipe.encoder(), run).tables().entrySet()) {
      String name = head.getKey();
      TargetTable table = head.getValue();
      boolean projected = recipe.encoder().projected().containsKey(name);
      if ((table.attribute().isPresent() && !projected)
          || !has(run, recipe, decoded.subject(), name)) {
        continue; // A slot, or a further target without a head of its name: altered pictures.
      }
      Decoded own = read(run, name, decoded);
      String output = output(recipe, name);
      Scoring scoring = new Scoring(recipe, table, stimuli);
      if (projected) {
        if (testedBySeveral(decoded)) {
          unscored.add(
              new Line(
                  output,
                  "not scored: several folds tested the same stimulus, each in a space of its own"
                      + " behind the layers of its loss"));
          continue;
        }
        ProjectedTargets behind = ProjectedTargets.of(run, recipe.encoder(), decoded, name, table);
        own = own.with(own.values(), behind.means());
        scoring = Scoring.ofFolds(recipe, behind.ofFolds(), stimuli);
      } else if (own.values().dim(1) != table.embeddings().space().dim()) {
        unscored.add(
            new Line(
                output,
                "not scored: it tells numbers of classes, "
                    + own.values().dim(1)
                    + " against "
                    + table.embeddings().space().dim()));
        continue;
      }
      Path others = exchanged(run, decoded.subject(), name);
      if (!recipe.encoder().inputs().isEmpty() && !Files.isRegularFile(others)) {
        throw missing(others, name);
      }
      List<Tensor> exchanged = ExchangedResponses.read(others);
      scores.add(new HeadScores(encoder, name, output, scoring.score(own, exchanged).scores()));
    }
    return new All(scores, unscored);
  }

  /** Whether rows of one stimulus were decoded by several folds. */
  private static boolean testedBySeveral(Decoded decoded) {
    Map<String, Integer> folds = new HashMap<>();
    return decoded.rows().stream()
        .anyMatch(
            row -> {
              String stimulus = decoded.trials().get(row.trial()).stimulus();
              Integer before = folds.putIfAbsent(stimulus, row.fold());
              return before != null && before != row.fold();
            });
  }

  /** What it is called in tables. */
  static String name(String encoder, String head) {
    return encoder + ", " + head;
  }

  private static String output(DecodingRecipe recipe, String target) {
    Optional<String> head = recipe.encoder().met().getOrDefault(target, Optional.of(target));
    return head.isEmpty()
        ? "embedding against '" + target + "'"
        : "head '"
            + head.get()
            + "'"
            + (head.get().equals(target) ? "" : " against '" + target + "'");
  }

  /** What it is called in tables. */
  String name() {
    return name(encoder, head);
  }

  /** The headline scores for the data card. */
  Line line() {
    List<String> words = new ArrayList<>();
    String variant = entries.get(0).variant();
    for (Scoring.Entry entry : entries) {
      Score score = entry.score();
      if (entry.variant().equals(variant)
          && Stream.of(TOP1, TWO_WAY).anyMatch(metric -> score.metric().startsWith(metric + "@"))) {
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
    return new Line(output, String.join("; ", words) + "; " + variant);
  }
}
