package io.noesis.experiment;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.TargetUnit;
import io.noesis.alignment.score.Resampling;
import io.noesis.alignment.train.TrainingSpec;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.StudyCard;
import io.noesis.ingest.study.SubjectResponses.Note;
import io.noesis.run.Version;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The text for a methods section: what was done, from the same values that did it. */
final class Methods {
  private Methods() {}

  static String text(
      DecodingRecipe recipe,
      StudyCard card,
      EmbeddingSpace space,
      TargetUnit unit,
      List<Decoded> subjects) {
    StringBuilder text = new StringBuilder();
    if (card.origin() == StudyCard.Origin.SIMULATED) {
      text.append("THE RESPONSES WERE SIMULATED. ");
    }
    if (recipe.control() != Control.NONE) {
      text.append("THIS IS A CONTROL: " + recipe.control().words() + ". ");
    }
    text.append(
        "Decoding was done with Noesis "
            + Version.current().number()
            + ". Study: "
            + card.title()
            + ". ");
    if (!subjects.isEmpty()) {
      Decoded first = subjects.get(0);
      text.append(subjects.size() == 1 ? "One subject. " : subjects.size() + " subjects. ");
      text.append(
          first.notes().stream()
              .map(Methods::words)
              .collect(Collectors.joining("; ", "Data (subject " + first.subject() + "): ", ". ")));
      text.append(split(recipe, first));
    }
    text.append(
        "Targets were "
            + (unit == TargetUnit.CATEGORY
                ? "one embedding per category"
                : "one embedding per stimulus ("
                    + recipe.targets().of()
                    + recipe.targets().captions().map(which -> ", " + which.words()).orElse("")
                    + ")")
            + " in the space "
            + space
            + ". ");
    text.append(recipe.responses().inWords(epochs(subjects)));
    text.append(
        "The encoder was "
            + recipe.encoder().architecture()
            + (recipe.encoder().subjects() == EncoderSpec.Subjects.EACH
                ? ""
                : ", trained on " + recipe.encoder().subjects().words())
            + recipe
                .responses()
                .alignment()
                .map(
                    a ->
                        ", after the subjects were aligned by "
                            + a.method()
                            + " on training trials")
                .orElse("")
            + further(recipe.encoder(), true, "; its embedding was trained to be alike, too, to ")
            + further(recipe.encoder(), false, "; further heads of it were trained to ")
            + told(recipe.encoder())
            + chosen(recipe.encoder()));
    if (RidgeBeside.belongs(recipe.encoder())) {
      text.append(
          "Beside the decoder, ridge regression was fitted on the same training trials"
              + (recipe.encoder().subjects() == EncoderSpec.Subjects.TOGETHER
                  ? " of each subject alone"
                  : "")
              + ", its penalty chosen by cross-validation among them, and held against it: the"
              + " intervals of the differences resample stimuli or categories, p is two-sided, of "
              + recipe.evaluation().permutations()
              + " exchanges of which encoder decoded them. ");
    }
    text.append(recipe.encoder().rescale().inWords());
    recipe.evaluation().ablation().ifPresent(spec -> text.append(spec.inWords()));
    text.append(
        "Decoded embeddings were compared with candidates by "
            + recipe.evaluation().similarity().words()
            + ". Intervals are 95 % percentile bootstrap intervals ("
            + recipe.evaluation().bootstraps()
            + " resamples of stimuli or categories); "
            + nulls(recipe, subjects)
            + " Random seed "
            + recipe.seed()
            + ".");
    return text.toString();
  }

  private static ResponseSpec.Epochs epochs(List<Decoded> subjects) {
    return subjects.stream()
            .flatMap(decoded -> decoded.notes().stream())
            .anyMatch(note -> note.label().equals("channels"))
        ? ResponseSpec.Epochs.YES
        : ResponseSpec.Epochs.NO;
  }

  private static String words(Note note) {
    return note.label() + ": " + note.value();
  }

  private static String split(DecodingRecipe recipe, Decoded subject) {
    Split first = subject.folds().get(0);
    return "Split by the rule '"
        + recipe.split().rule()
        + "' into "
        + subject.folds().size()
        + (subject.folds().size() == 1 ? " fold" : " folds")
        + " (first fold: "
        + first.rows(Split.Part.TRAIN).length
        + " training and "
        + first.rows(Split.Part.TEST).length
        + " test trials). ";
  }

  /**
   * Which further targets the embedding, or heads, were trained to; nothing where there are none.
   */
  private static String further(EncoderSpec encoder, boolean embedding, String words) {
    Map<String, Optional<String>> met = encoder.met();
    String targets =
        encoder.heads().entrySet().stream()
            .filter(t -> Optional.empty().equals(met.get(t.getKey())) == embedding)
            .map(target -> target.getValue().of() + " (" + target.getKey() + ")")
            .collect(Collectors.joining(", "));
    return targets.isEmpty() ? "" : words + targets;
  }

  /** What it was told of the stimuli; nothing where it was told nothing. */
  private static String told(EncoderSpec encoder) {
    return encoder.inputs().isEmpty()
        ? ""
        : "; in training and when it decoded it was told "
            + String.join(", ", encoder.inputs().keySet())
            + " of the stimulus";
  }

  /** How what is not learned was decided on. */
  private static String chosen(EncoderSpec encoder) {
    if (!Architectures.registry().get(encoder.architecture()).trainedByGradients()) {
      return "; its settings were chosen by cross-validation within the training trials only. ";
    }
    double part = encoder.training().orElseGet(TrainingSpec::defaults).validation().part();
    return part == 0
        ? "; its settings and number of epochs were fixed in the recipe. "
        : String.format(
            Locale.ROOT,
            "; its settings were fixed in the recipe, and the epoch was chosen on %.0f %% of the"
                + " training recordings or stimuli, held out for that. ",
            100 * part);
  }

  /** Where p comes from; as {@link Scoring} has it. */
  private static String nulls(DecodingRecipe recipe, List<Decoded> subjects) {
    if (recipe.evaluation().pool() == EvaluationSpec.Pool.LEFT_OUT) {
      return "the null is Student's t over the categories left out, with twice their variance, since"
          + " each also trained the decoders of the others.";
    }
    boolean exchanged =
        subjects.stream()
            .anyMatch(s -> Scoring.training(s.folds()) == Resampling.Training.EXCHANGED);
    if (!recipe.encoder().inputs().isEmpty()) {
      return "nulls are what it decodes of responses that were exchanged between test stimuli, at most "
          + Math.min(ExchangedResponses.MOST, recipe.evaluation().permutations())
          + " times, when it is told the same; of ridge, which is told nothing, permutations of which"
          + " stimulus each response belongs to ("
          + recipe.evaluation().permutations()
          + "); p = (1 + count of nulls at least as good) / (their number + 1).";
    }
    return "nulls are permutations of which stimulus each response belongs to ("
        + recipe.evaluation().permutations()
        + ")"
        + (exchanged
            ? ", widened by the square root of 2 about their mean, since tested trials also trained"
                + " the decoders of other folds"
            : "")
        + "; p = (1 + count of nulls at least as good) / (permutations + 1).";
  }
}
