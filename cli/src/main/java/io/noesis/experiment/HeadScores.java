package io.noesis.experiment;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.score.Score;
import io.noesis.alignment.train.TargetProjection;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.ingest.study.Trial;
import io.noesis.report.Report.Line;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
  private static final String ACCURACY = "category_accuracy";
  private static final String TRIPLE = "triple.";

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

  /** What a head decoded in the place of the embedding. */
  static Decoded read(RunFolder run, String head, Decoded decoded) {
    String subject = decoded.subject();
    return decoded.with(
        EncoderSpec.flat(Npy.read(run.file(values(subject, head)))),
        Npy.read(run.file(means(subject, head))));
  }

  /** The scores of all heads that have targets of their name, other than slots. */
  static List<HeadScores> of(
      RunFolder run, DecodingRecipe recipe, String encoder, Decoded decoded, StimulusSet stimuli) {
    List<HeadScores> scores = new ArrayList<>();
    for (Map.Entry<String, TargetTable> head :
        HeadTargets.read(recipe.encoder(), run).tables().entrySet()) {
      String name = head.getKey();
      TargetTable table = head.getValue();
      if (table.attribute().isPresent()
          || !Files.isRegularFile(run.file(values(decoded.subject(), name)))) {
        continue; // A slot, or a further target without a head of its name: altered pictures.
      }
      Decoded own = read(run, name, decoded);
      if (recipe.encoder().projected().containsKey(name)) {
        if (decoded.folds().size() > 1) {
          continue; // Each fold has layers of its own: what they make has no space in common.
        }
        table = projected(run, recipe, decoded, name, table);
        own = own.with(own.values(), meanOfTraining(decoded, table));
      }
      Scoring scoring = new Scoring(recipe, table, stimuli);
      List<Tensor> exchanged = ExchangedResponses.read(exchanged(run, decoded.subject(), name));
      scores.add(
          new HeadScores(
              encoder, name, output(recipe, name), scoring.score(own, exchanged).scores()));
    }
    return scores;
  }

  /** What it is called in tables. */
  static String name(String encoder, String head) {
    return encoder + ", " + head;
  }

  /** The target behind the layers of the loss, as the decoder's training left them. */
  private static TargetTable projected(
      RunFolder run, DecodingRecipe recipe, Decoded decoded, String name, TargetTable table) {
    boolean together = recipe.encoder().subjects() == EncoderSpec.Subjects.TOGETHER;
    String place = Decoded.decoderPlace(together ? "" : Decoded.folder(decoded.subject()), 0);
    Path layers = run.file(FoldTraining.projection(place, name));
    Tensor values = TargetProjection.of(layers, table.embeddings().values());
    EmbeddingSpace before = table.embeddings().space();
    EmbeddingSpace space =
        new EmbeddingSpace(
            before.model(),
            before.layer() + ", projected",
            values.dim(1),
            EmbeddingSpace.Scaling.RAW);
    return new TargetTable(
        table.unit(),
        new Embeddings(space, table.embeddings().ids(), values),
        Optional.empty(),
        table.fingerprint());
  }

  private static Tensor meanOfTraining(Decoded decoded, TargetTable table) {
    List<Trial> trained =
        Arrays.stream(decoded.folds().get(0).rows(Split.Part.TRAIN))
            .mapToObj(decoded.trials()::get)
            .toList();
    return SubjectWork.mean(HeadTargets.rows(table, trained));
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
          && (score.metric().startsWith(TRIPLE)
              || Stream.of(TOP1, TWO_WAY, ACCURACY)
                  .anyMatch(metric -> score.metric().startsWith(metric + "@")))) {
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
