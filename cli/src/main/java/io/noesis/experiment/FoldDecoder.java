package io.noesis.experiment;

import io.noesis.alignment.prior.KeptPrior;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxProvider;
import io.noesis.ingest.study.Split;
import io.noesis.run.CorruptDataException;
import io.noesis.run.DataException;
import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.run.Suggest;
import io.noesis.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
 * @param prior behind the encoder, which draws the embeddings; empty for none
 */
record FoldDecoder(
    String subject,
    int fold,
    Split split,
    Path weights,
    BrainEncoder encoder,
    Preparation preparation,
    Tensor trainingMean,
    Optional<Prior> prior) {
  /**
   * A diffusion prior behind the encoder.
   *
   * @param file where it lies
   * @param spec the encoder with the prior by which it was trained
   * @param kept the prior
   * @param seed the root of the fold's randomness
   */
  record Prior(Path file, EncoderSpec spec, KeptPrior kept, Seed seed) {
    /** What it draws from, as it takes it: decoded embeddings, or another output. */
    Tensor condition(BrainEncoder encoder, Tensor prepared, String subject) {
      return EncoderPrior.shaped(
          kept,
          EncoderPrior.condition(spec, encoder, prepared, subject)
              .orElseGet(() -> encoder.encode(prepared, subject)));
    }

    Tensor draw(Tensor condition) {
      return EncoderPrior.draw(spec, kept, seed, condition);
    }
  }

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
        decoded.trainingMeans().rows(new int[] {fold}),
        recipe.encoder().prior().map(spec -> prior(run, recipe, decoded, fold)));
  }

  private static Prior prior(RunFolder run, DecodingRecipe recipe, Decoded decoded, int fold) {
    Path own = prior(run, Decoded.folder(decoded.subject()), fold);
    Path file = Files.isRegularFile(own) ? own : prior(run, "", fold);
    Seed seed = Training.seed(recipe, decoded.subject(), decoded.folds().get(fold).name());
    KeptPrior kept = KeptPrior.read(file, recipe.encoder().priorSettings().orElseThrow());
    return new Prior(file, recipe.encoder(), kept, seed);
  }

  private static Path prior(RunFolder run, String folder, int fold) {
    return run.file(EncoderPrior.file(Decoded.decoderPlace(folder, fold)));
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
   * The same decoder, its graphs computed elsewhere.
   *
   * @param where by what, and on which card
   * @return the decoder
   * @throws RecipeException when it has no graph: a linear map without a diffusion prior
   */
  FoldDecoder on(OnnxOptions where) {
    if (where.provider() == OnnxProvider.CPU) {
      return this;
    }
    Optional<BrainEncoder> elsewhere = encoder.on(where);
    if (elsewhere.isEmpty() && prior.isEmpty()) {
      throw new RecipeException(
          "decoding"
              + where.elsewhere()
              + ": the decoder "
              + weights
              + " is a linear map, one matrix product of the processor, and has no graph that a card"
              + " could compute. Leave --device out.");
    }
    return new FoldDecoder(
        subject,
        fold,
        split,
        weights,
        elsewhere.orElse(encoder),
        preparation,
        trainingMean,
        prior.map(p -> new Prior(p.file(), p.spec(), p.kept().on(where), p.seed())));
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
              + Suggest.sentence(label, all)
              + " A new subject needs voxel statistics, and mostly a map, of its own: train with it,"
              + " or adapt to it (noesis adapt).");
    }
    return label;
  }

  /** What it must be told of the stimuli: the axes of one row of each by name. */
  Map<String, List<Integer>> inputs() {
    return encoder.inputs();
  }

  /**
   * Prepares and decodes responses; where the run has a diffusion prior, row i of what it draws
   * comes from the same noise as row i of the fold's test trials.
   *
   * @param responses {@code [trials, voxels]} or {@code [trials, channels, samples]} of this
   *     subject, as its study's were before scaling
   * @param told what {@link #inputs} asks for, one row for each response
   * @return {@code [trials, dim]}
   * @throws DataException when they have other sizes
   */
  Tensor decode(Tensor responses, Map<String, Tensor> told) {
    preparation.require("decoding new responses of subject " + subject, responses);
    Tensor prepared = preparation.apply(responses);
    return EncoderSpec.flat(
        prior
            .map(p -> p.draw(p.condition(encoder, prepared, subject)))
            .orElseGet(() -> encoder.encode(prepared, subject, told)));
  }
}
