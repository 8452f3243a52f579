package io.noesis.reconstruction.diffusion;

import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.reconstruction.pack.PackCheck;
import io.noesis.run.ModelException;
import io.noesis.run.Registry;
import io.noesis.run.Registry.Entry;
import io.noesis.run.Suggest;
import java.util.List;
import java.util.function.BiFunction;

/** The kinds of diffusion priors that a pack can be of. */
public final class Priors {
  /** A line of the registry. */
  public static final class Kind {
    private final BiFunction<ModelPack, OnnxOptions, EmbeddingPrior> opening;

    Kind(BiFunction<ModelPack, OnnxOptions, EmbeddingPrior> opening) {
      this.opening = opening;
    }
  }

  private static final Registry<Kind> REGISTRY =
      Registry.of(
          "kind of diffusion prior",
          List.of(
              new Entry<>(
                  PriorPack.KIND,
                  new Kind(TrainedPrior::open),
                  "What was decoded to an embedding that a stimulus is likely to have: trained"
                      + " behind a run's decoders ('encoder.prior') and written by 'noesis"
                      + " export'."),
              new Entry<>(
                  "decoded-prior",
                  new Kind(DecodedPrior::open),
                  "The same of a published system, by its own sampler: the priors of MindEye,"
                      + " MindEye2 and ATM."),
              new Entry<>(
                  "unclip-prior",
                  new Kind(UnclipPrior::open),
                  "Text, or its embedding [n, dim], to an image embedding: Karlo's unCLIP and"
                      + " Kandinsky 2.2.")));

  private Priors() {}

  /** The list. */
  public static Registry<Kind> registry() {
    return REGISTRY;
  }

  /**
   * Loads a prior, after checking its pack.
   *
   * @param pack the pack
   * @param options how its graphs are run
   * @return the prior, to be closed by the caller
   * @throws ModelException when the pack is not as it promises, or is no prior
   */
  public static EmbeddingPrior open(ModelPack pack, OnnxOptions options) {
    if (!REGISTRY.names().contains(pack.kind())) {
      throw new ModelException(
          "opening the model pack "
              + pack.folder()
              + " as a prior: its kind is '"
              + pack.kind()
              + "', which draws no embeddings. "
              + Suggest.sentence(pack.kind(), REGISTRY.names()));
    }
    PackCheck.requireFiles(pack);
    return REGISTRY.get(pack.kind()).opening.apply(pack, options);
  }
}
