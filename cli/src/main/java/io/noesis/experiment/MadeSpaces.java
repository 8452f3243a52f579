package io.noesis.experiment;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.reconstruction.caption.Captioner;
import io.noesis.reconstruction.diffusion.ImageGenerator;
import io.noesis.run.ModelException;
import java.util.Locale;
import java.util.Optional;

/**
 * Refuses embeddings of a space that a model was not made for.
 *
 * @param models knows how a user states that two spaces are one
 * @param targets what the embeddings are decoded into, where a recipe says so
 * @param decoded their space
 */
record MadeSpaces(MakingModels models, Optional<TargetsSpec> targets, EmbeddingSpace decoded) {
  /**
   * Compares spaces.
   *
   * @param making for the message: {@code making pictures with the pack 'embedded'}
   * @param pack its name
   * @param generator of that pack
   */
  void require(String making, String pack, ImageGenerator generator) {
    require(making, pack, generator.space());
  }

  /** The same for a captioner. */
  void require(String making, String pack, Captioner captioner) {
    require(making, pack, captioner.space());
  }

  /** The same for any space. */
  void require(String making, String pack, EmbeddingSpace wanted) {
    if (wanted.equals(decoded)) {
      return;
    }
    throw new ModelException(
        making
            + ": it takes embeddings of '"
            + wanted
            + "', the run decodes into '"
            + decoded
            + "': "
            + difference(wanted)
            + ". Numbers of one space mean nothing in another: "
            + remedy(pack, wanted));
  }

  private String difference(EmbeddingSpace wanted) {
    if (wanted.dim() != decoded.dim()) {
      return "another dimension";
    }
    if (!wanted.model().equals(decoded.model())) {
      return "another model";
    }
    return wanted.layer().equals(decoded.layer()) ? "another scaling of vectors" : "another layer";
  }

  private String remedy(String pack, EmbeddingSpace wanted) {
    if (wanted.dim() != decoded.dim()) {
      return "set 'targets' to the model's own space (targets: {of: image, pack: PACK}) and train"
          + " again, or take a model for the run's.";
    }
    StringBuilder out = new StringBuilder();
    if (wanted.scaling() != decoded.scaling()) {
      out.append("set targets.scaling: ")
          .append(wanted.scaling().name().toLowerCase(Locale.ROOT))
          .append(" (of a pack) and train again");
    }
    if (!wanted.model().equals(decoded.model()) || !wanted.layer().equals(decoded.layer())) {
      out.append(out.isEmpty() ? "" : "; and ")
          .append("set 'targets' to the model's own space and train again, or, if you know that")
          .append(" the two names mean one space, because the model was trained with that very")
          .append(" encoder, say so once (reports will show it):\n  ")
          .append(models.stating(pack, targets, decoded));
    } else {
      out.append(".");
    }
    return out.toString();
  }
}
