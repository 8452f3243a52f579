package io.noesis.reconstruction.diffusion;

import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.reconstruction.pack.MemoryNeed;
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

  /** As many embeddings as pictures are made of together. */
  private static final int TOGETHER = 8;

  private Priors() {}

  /** The list. */
  public static Registry<Kind> registry() {
    return REGISTRY;
  }

  /**
   * What a prior takes in memory, estimated before it is loaded.
   *
   * @param pack a prior's pack
   * @return the estimate, for as many embeddings as pictures are made at once
   */
  public static MemoryNeed memory(ModelPack pack) {
    int tokens = PromptEncoder.TOKENS;
    MemoryNeed prior = MemoryNeed.ofOnePass(pack, PriorPack.ROLE, 2 * TOGETHER, tokens, "rows");
    return pack.has("text_encoder")
        ? new MemoryNeed(
            prior.model(),
            prior.weights() + MemoryNeed.weights(pack, List.of("text_encoder")),
            prior.run(),
            prior.counted())
        : prior;
  }

  /**
   * Loads a prior, after checking its pack.
   *
   * @param pack the pack
   * @param options how its graphs are run
   * @return the prior, to be closed by the caller
   * @throws ModelException when the pack is not as it promises, is no prior, or does not fit into
   *     memory
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
    memory(pack).require();
    PackCheck.requireFiles(pack);
    return REGISTRY.get(pack.kind()).opening.apply(pack, options);
  }
}
