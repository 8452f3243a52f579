package io.noesis.experiment;

import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.ingest.study.Split;
import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import io.noesis.run.Suggest;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One fold's decoder of a trained run, with everything that applying it needs.
 *
 * @param subject label without {@code sub-}
 * @param fold its number from 0
 * @param split by which it was trained
 * @param weights its file
 * @param encoder the decoder
 * @param preparation what is done to responses before
 * @param trainingMean mean target of its training trials, {@code [1, dim]}
 */
record FoldDecoder(
    String subject,
    int fold,
    Split split,
    Path weights,
    BrainEncoder encoder,
    Preparation preparation,
    Tensor trainingMean) {
  /**
   * Opens decoders of a subject.
   *
   * @param run a trained run
   * @param subject its label
   * @param only the number of a fold from 1, or all
   * @return by fold
   * @throws RecipeException when there is no such subject or fold
   * @throws ModelException when a file is missing or damaged
   */
  static List<FoldDecoder> of(RunFolder run, String subject, OptionalInt only) {
    DecodingRecipe recipe = RunFiles.recipe(run);
    if (recipe.encoder().subjects() == EncoderSpec.Subjects.OTHERS) {
      throw new RecipeException(
          "opening the decoders of "
              + run.path()
              + ": they were trained on other subjects than those they decode, to whom new responses"
              + " would have to be mapped first. Train with encoder.subjects: each or together.");
    }
    if (!run.finished(Decoded.folder(subject) + "/training", run.identity())) {
      throw new RecipeException(
          "opening the decoders of "
              + run.path()
              + ": subject "
              + subject
              + " is not trained to the end. Run 'noesis train' again to go on.");
    }
    Decoded decoded = Decoded.read(run, subject);
    int folds = decoded.folds().size();
    if (only.isPresent() && (only.getAsInt() < 1 || only.getAsInt() > folds)) {
      throw new RecipeException(
          "choosing a fold of subject "
              + subject
              + ": found "
              + only.getAsInt()
              + ", expected a number from 1 to "
              + folds
              + ".");
    }
    List<FoldDecoder> out = new ArrayList<>();
    for (int fold = 0; fold < folds; fold++) {
      if (only.isEmpty() || only.getAsInt() == fold + 1) {
        out.add(open(run, recipe, decoded, fold));
      }
    }
    return out;
  }

  private static FoldDecoder open(RunFolder run, DecodingRecipe recipe, Decoded decoded, int fold) {
    Path own = weights(run, Decoded.folder(decoded.subject()), fold);
    Path weights = Files.isRegularFile(own) ? own : weights(run, "", fold);
    if (!Files.isRegularFile(weights)) {
      throw new ModelException(
          "opening the decoder " + own + ": there is no such file. Train the run again.");
    }
    return new FoldDecoder(
        decoded.subject(),
        fold,
        decoded.folds().get(fold),
        weights,
        load(recipe.encoder().architecture(), weights),
        Preparation.read(run.file(Decoded.preparationFile(decoded.subject(), fold))),
        decoded.trainingMeans().rows(new int[] {fold}));
  }

  private static Path weights(RunFolder run, String folder, int fold) {
    return run.file(Decoded.decoderPlace(folder, fold) + ".safetensors");
  }

  private static BrainEncoder load(String architecture, Path weights) {
    try {
      return Architectures.registry().get(architecture).load(weights);
    } catch (CorruptDataException e) {
      throw new ModelException("opening a decoder: " + e.getMessage(), e);
    }
  }

  /**
   * The subject that is meant.
   *
   * @param run a trained run
   * @param wanted its label; may be absent where the run has one subject
   * @return the label
   */
  static String subject(RunFolder run, Optional<String> wanted) {
    List<String> all = run.subjects();
    if (wanted.isEmpty() && all.size() != 1) {
      throw new RecipeException(
          "choosing a decoder of "
              + run.path()
              + ": it has decoders of the subjects "
              + String.join(", ", all)
              + ", each for their own voxels. Say whose responses these are with --subject.");
    }
    String label = wanted.orElseGet(() -> all.get(0));
    if (!all.contains(label)) {
      throw new RecipeException(
          "choosing subjects: the run has no subject '"
              + label
              + "'. "
              + Suggest.sentence(label, all));
    }
    return label;
  }

  /**
   * Prepares and decodes responses.
   *
   * @param responses {@code [trials, voxels]} or {@code [trials, channels, samples]} of this
   *     subject, as its study's were before scaling
   * @return {@code [trials, dim]}
   * @throws DataException when they have other sizes
   */
  Tensor decode(Tensor responses) {
    preparation.require("decoding new responses of subject " + subject, responses);
    return encoder.encode(preparation.apply(responses), subject);
  }
}
