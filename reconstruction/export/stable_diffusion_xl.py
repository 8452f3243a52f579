"""Export SDXL or SDXL-Turbo of diffusers into the folder layout that Noesis reads.

    python stable_diffusion_xl.py CHECKPOINT OUT
    python stable_diffusion_xl.py --tiny SEED OUT        random weights of the same classes, for tests

Layout of optimum: text_encoder (`hidden_states.K` beside `last_hidden_state`; K is the last but one), text_encoder_2
(also `text_embeds`), unet (`sample, timestep, encoder_hidden_states, text_embeds, time_ids` -> `out_sample`),
vae_encoder, vae_decoder, scheduler, tokenizer, tokenizer_2, golden.safetensors. The autoencoder stays float32:
that of SDXL overflows in float16.
"""

import argparse
from pathlib import Path

import common
import diffusers
import torch

import image_embedding


class Unet(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, sample, timestep, encoder_hidden_states, text_embeds, time_ids):
        return self.model(sample, timestep, encoder_hidden_states, return_dict=False,
                          added_cond_kwargs={"text_embeds": text_embeds, "time_ids": time_ids})[0]


def inputs(unet):
    config = unet.config
    pooled = config.projection_class_embeddings_input_dim - 6 * config.addition_time_embed_dim
    return {"sample": torch.randn(2, config.in_channels, config.sample_size, config.sample_size),
            "timestep": torch.tensor(5.0), "encoder_hidden_states": torch.randn(2, 77, config.cross_attention_dim),
            "text_embeds": torch.randn(2, pooled), "time_ids": torch.randn(2, 6)}


def free(names):
    axes = {name: {0: "batch"} for name in names if name not in ("timestep", "ip_scale")}
    axes["sample"] = axes["out_sample"] = {0: "batch", 2: "height", 3: "width"}
    return axes


def parts(pipeline, out, tiny):
    """Everything but the network."""
    one, two = pipeline.text_encoder, pipeline.text_encoder_2
    common.text_encoder(one, ["last_hidden_state", f"hidden_states.{one.config.num_hidden_layers - 1}"],
                        out / "text_encoder", tiny)
    common.text_encoder(two, ["text_embeds", "last_hidden_state", f"hidden_states.{two.config.num_hidden_layers - 1}"],
                        out / "text_encoder_2", tiny)
    image_embedding.vae_graphs(pipeline.vae, pipeline.unet.config.sample_size, out, tiny)
    common.save_scheduler(pipeline.scheduler, out / "scheduler")
    common.tokenizer_files(pipeline.tokenizer, out / "tokenizer", tiny)
    common.tokenizer_files(pipeline.tokenizer_2, out / "tokenizer_2", tiny)


def write(pipeline, out, tiny=False):
    parts(pipeline, out, tiny)
    given = inputs(pipeline.unet)
    common.export(Unet(pipeline.unet), given, ["out_sample"], free(given), out / "unet", pipeline.unet.config, tiny)
    graph = ["optimum.onnxruntime", "ORTModel"]
    common.index(out, "StableDiffusionXLPipeline", {
        **{name: graph for name in ["text_encoder", "text_encoder_2", "unet", "vae_encoder", "vae_decoder"]},
        "scheduler": ["diffusers", type(pipeline.scheduler).__name__],
        "tokenizer": ["transformers", "CLIPTokenizer"], "tokenizer_2": ["transformers", "CLIPTokenizer"],
    }, force_zeros_for_empty_prompt=pipeline.config.force_zeros_for_empty_prompt)


def golden(pipeline, out, steps, guidance):
    image = pipeline("the cat", num_inference_steps=steps, guidance_scale=guidance,
                     generator=torch.Generator().manual_seed(3), output_type="pt").images
    common.golden(out, common.levels(image * 2 - 1)[0], {}, prompt="the cat", steps=steps, guidance=guidance, seed=3)


def tiny(seed, cross=14):
    torch.manual_seed(seed)
    tokenizer = common.tiny_tokenizer()[0]
    unet = common.tiny_unet(
        cross_attention_dim=cross, addition_embed_type="text_time", addition_time_embed_dim=4,
        projection_class_embeddings_input_dim=10 + 6 * 4, transformer_layers_per_block=(1, 1), use_linear_projection=True)
    scheduler = diffusers.EulerDiscreteScheduler(**common.SD, timestep_spacing="leading", steps_offset=1)
    vae = image_embedding.tiny_vae()
    vae.register_to_config(scaling_factor=0.13025)
    pipeline = diffusers.StableDiffusionXLPipeline(
        vae=vae, text_encoder=common.tiny_text(8), text_encoder_2=common.tiny_text(6, 10), tokenizer=tokenizer,
        tokenizer_2=tokenizer, unet=unet, scheduler=scheduler, force_zeros_for_empty_prompt=True,
        add_watermarker=False)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def write_tiny(seed, out):
    pipeline = tiny(seed)
    common.lighten(pipeline)
    write(pipeline, out, True)
    golden(pipeline, out, 5, 5.0)
    return pipeline


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint", nargs="?")
    parser.add_argument("out", type=Path)
    parser.add_argument("--tiny", type=int, metavar="SEED")
    common.precision(parser)
    options = parser.parse_intermixed_args()
    common.DTYPE = options.dtype
    torch.set_grad_enabled(False)
    if options.tiny is not None:
        write_tiny(options.tiny, options.out)
        return
    pipeline = diffusers.StableDiffusionXLPipeline.from_pretrained(options.checkpoint, add_watermarker=False)
    pipeline.vae.to(torch.float32)
    common.lighten(pipeline)
    write(pipeline, options.out)
    turbo = isinstance(pipeline.scheduler, diffusers.EulerAncestralDiscreteScheduler)
    golden(pipeline, options.out, 1 if turbo else 20, 0.0 if turbo else 5.0)


if __name__ == "__main__":
    main()
