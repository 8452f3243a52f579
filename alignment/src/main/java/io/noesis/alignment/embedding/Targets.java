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
                  "attribute",
                  new TargetKind(TargetUnit.STIMULUS, AttributeTargets::new),
                  "what a column of the stimulus table says of each stimulus, one-hot over its"
                      + " words: the teacher of a slot (only in encoder.heads)"),
              new Registry.Entry<>(
                  "caption",
                  new TargetKind(TargetUnit.STIMULUS, CaptionTargets::open),
                  "sentence embedding of each stimulus's caption (all-MiniLM-L6-v2)"),
              new Registry.Entry<>(
                  "category",
                  new TargetKind(TargetUnit.CATEGORY, CategoryTargets::new),
                  "one embedding per category: the mean over prompts such as 'a photo of a {}.'"),
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
                  "output of an ONNX text model for each stimulus's caption")));

  private Targets() {}

  /** All kinds by name. */
  public static Registry<TargetKind> registry() {
    return REGISTRY;
  }
}
