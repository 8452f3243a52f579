package io.noesis.alignment.diffusion;

import io.noesis.encoders.architecture.NameMap;
import io.noesis.encoders.architecture.NameMap.Rule;
import io.noesis.run.Registry;
import io.noesis.run.Registry.Entry;
import java.util.List;

/** How published programs name the weights of their priors. */
public final class PriorPrograms {
  private static final String LAYER = "causal_transformer.layers.#.";
  private static final String SELF = "transformer.blocks.#.self.";
  private static final String MLP = "transformer.blocks.#.mlp.";

  private static final Registry<NameMap> REGISTRY =
      Registry.of(
          "program with the weights of a prior",
          List.of(
              new Entry<>(
                  "mindeye-prior",
                  new NameMap(
                      List.of(
                          Rule.of("to_time_embeds.0.1.net.0.0", "time.linear1"),
                          Rule.of("to_time_embeds.0.1.net.1.0", "time.linear2"),
                          Rule.of("to_time_embeds.0.1.net.2", "time.linear3"),
                          Rule.of("null_brain_embeds", "nothing"),
                          Rule.of("learned_query", "places"),
                          Rule.of(
                              "causal_transformer.rel_pos_bias.relative_attention_bias.weight",
                              "distances"),
                          Rule.of(LAYER + "0.norm.g", SELF + "norm.weight"),
                          Rule.of(LAYER + "0.null_kv", SELF + "attention.nobody"),
                          Rule.of(LAYER + "0.to_q", SELF + "attention.query"),
                          Rule.of(LAYER + "0.to_kv", SELF + "attention.shared"),
                          Rule.of(LAYER + "0.to_out.0", SELF + "attention.out.linear"),
                          Rule.of(LAYER + "0.to_out.1.g", SELF + "attention.out.norm.weight"),
                          Rule.of(LAYER + "1.0.g", MLP + "norm.weight"),
                          Rule.of(LAYER + "1.1", MLP + "into"),
                          Rule.of(LAYER + "1.5", MLP + "out"),
                          Rule.of("causal_transformer.norm.g", "last.norm.weight"),
                          Rule.of("causal_transformer.project_out", "last.out")),
                      List.of("module.", "diffusion_prior.", "net."),
                      List.of(
                          "null_image_embed",
                          LAYER + "0.rotary_emb.freqs",
                          "noise_scheduler.",
                          "voxel2clip.")),
                  "rotary: VersatileDiffusionPriorNetwork of MindEye 1 and PriorNetwork of MindEye"
                      + " 2 (DALLE2-pytorch); what stands for no noisy tokens is left out, since"
                      + " guidance here drops the condition alone."),
              new Entry<>(
                  "atm-prior",
                  new NameMap(
                      List.of(
                          Rule.of("input_layer.0", "into.linear"),
                          Rule.of("input_layer.1", "into.norm"),
                          Rule.of("encode_time_embedding.#.linear_1", "down.#.time.linear1"),
                          Rule.of("encode_time_embedding.#.linear_2", "down.#.time.linear2"),
                          Rule.of("encode_cond_embedding.#", "down.#.condition"),
                          Rule.of("encode_layers.#.0", "down.#.map.linear"),
                          Rule.of("encode_layers.#.1", "down.#.map.norm"),
                          Rule.of("decode_time_embedding.#.linear_1", "up.#.time.linear1"),
                          Rule.of("decode_time_embedding.#.linear_2", "up.#.time.linear2"),
                          Rule.of("decode_cond_embedding.#", "up.#.condition"),
                          Rule.of("decode_layers.#.0", "up.#.map.linear"),
                          Rule.of("decode_layers.#.1", "up.#.map.norm"),
                          Rule.of("output_layer", "out")),
                      List.of("module."),
                      List.of()),
                  "vector: DiffusionPriorUNet of EEG_Image_decode.")));

  private PriorPrograms() {}

  /** The maps; {@link NameMap#onto} makes weights of a denoiser's network. */
  public static Registry<NameMap> registry() {
    return REGISTRY;
  }
}
