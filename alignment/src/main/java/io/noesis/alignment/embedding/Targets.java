package io.noesis.alignment.embedding;

import io.noesis.run.Registry;
import java.util.List;

/** The kinds of target embeddings. */
public final class Targets {
  private static final Registry<TargetKind> REGISTRY =
      Registry.of(
          "target",
          List.of(
              new Registry.Entry<>(
                  "array",
                  new TargetKind(TargetUnit.STIMULUS, ArrayTargets::any),
                  "numbers of each stimulus from a file of the study: NAME.npy [stimuli, ...] and"
                      + " NAME.tsv with their ids"),
              new Registry.Entry<>(
                  "attribute",
                  new TargetKind(TargetUnit.STIMULUS, AttributeTargets::new),
                  "what a column of the stimulus table says of each stimulus, one-hot over its"
                      + " words: the teacher of a slot (only in encoder.heads)"),
              new Registry.Entry<>(
                  "caption",
                  new TargetKind(TargetUnit.STIMULUS, CaptionTargets::open),
                  "sentence embedding of each stimulus's caption (all-MiniLM-L6-v2); of several, the first"
                      + " one's or the mean (captions: first, mean, each)"),
              new Registry.Entry<>(
                  "category",
                  new TargetKind(TargetUnit.CATEGORY, CategoryTargets::new),
                  "one embedding per category: the mean over prompts such as 'a photo of a {}.'"),
              new Registry.Entry<>(
                  "flow",
                  new TargetKind(TargetUnit.STIMULUS, ArrayTargets::flow),
                  "optical flow of each stimulus at the places of a grid, from a file of the study as"
                      + " 'array': [stimuli, places, 2]; scored by its end-point error"),
              new Registry.Entry<>(
                  "image",
                  new TargetKind(TargetUnit.STIMULUS, ImageTargets::open),
                  "output of an ONNX image model for each stimulus's picture"),
              new Registry.Entry<>(
                  "latent",
                  new TargetKind(TargetUnit.STIMULUS, LatentTargets::open),
                  "latents of each stimulus's picture, by a pack's autoencoder: what pictures can"
                      + " start from (pictures.start: decoded)"),
              new Registry.Entry<>(
                  "text",
                  new TargetKind(TargetUnit.STIMULUS, TextTargets::open),
                  "output of an ONNX text model for each stimulus's caption; of several, the first one's"
                      + " or the mean (captions: first, mean, each)"),
              new Registry.Entry<>(
                  "words",
                  new TargetKind(TargetUnit.STIMULUS, WordTargets::new),
                  "numbers of the words of each stimulus's caption, for the loss language-model"
                      + " (only in encoder.heads); of several captions the first one's, or one's"
                      + " drawn at every step (captions: first, each)")));

  private Targets() {}

  /** All kinds by name. */
  public static Registry<TargetKind> registry() {
    return REGISTRY;
  }
}
