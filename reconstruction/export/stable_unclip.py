"""Export Stable unCLIP 2.1 (image variations) of diffusers into the folder layout that Noesis reads.

    python stable_unclip.py CHECKPOINT OUT               (--space for another name of its image encoder, see spaces.py)
    python stable_unclip.py --tiny SEED OUT              random weights of the same classes, for tests

The network takes `class_labels` [batch, 2 dim] beside the text tokens: the CLIP image embedding with noise of a level,
and that level's sinusoids; Noesis makes them. image_normalizer.safetensors has `mean` and `std` [dim],
image_noising_scheduler/ the noise that the levels mean. Unconditional: zeros for the whole vector.
"""

import argparse
from pathlib import Path

import common
import diffusers
import torch
from safetensors.torch import save_file

import image_embedding
import spaces


class Unet(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, sample, timestep, encoder_hidden_states, class_labels):
        return self.model(sample, timestep, encoder_hidden_states, class_labels=class_labels, return_dict=False)[0]


def write(pipeline, out, title, space, tiny=False):
    unet = pipeline.unet
    side, channels = unet.config.sample_size, unet.config.in_channels
    dim = unet.config.projection_class_embeddings_input_dim // 2
    common.text_encoder(pipeline.text_encoder, ["last_hidden_state"], out / "text_encoder", tiny)
    image_embedding.vae_graphs(pipeline.vae, side, out, tiny)
    common.save_scheduler(pipeline.scheduler, out / "scheduler")
    common.save_scheduler(pipeline.image_noising_scheduler, out / "image_noising_scheduler")
    common.tokenizer_files(pipeline.tokenizer, out / "tokenizer", tiny)
    normalizer = pipeline.image_normalizer
    save_file({"mean": normalizer.mean.detach().reshape(-1).float().contiguous(),
               "std": normalizer.std.detach().reshape(-1).float().contiguous()}, out / "image_normalizer.safetensors")
    free = {"batch": {0: "batch"}, "picture": {0: "batch", 2: "height", 3: "width"}}
    common.export(
        Unet(unet), {"sample": torch.randn(2, channels, side, side), "timestep": torch.tensor(5.0),
                     "encoder_hidden_states": torch.randn(2, 77, unet.config.cross_attention_dim),
                     "class_labels": torch.randn(2, 2 * dim)},
        ["out_sample"], {"sample": free["picture"], "encoder_hidden_states": free["batch"],
                         "class_labels": free["batch"], "out_sample": free["picture"]},
        out / "unet", unet.config, tiny)
    return dict(kind="stable-unclip", title=title, facts={"steps": 20, "guidance": 10, "noise-level": 0},
                space={"model": space, "layer": "image_embeds", "dimension": dim, "tokens": 1},
                scaling={"vae": float(pipeline.vae.config.scaling_factor)})


def golden(pipeline, out, embedding, steps=6, guidance=4.0):
    image = pipeline(prompt="the cat", image_embeds=embedding, num_inference_steps=steps, guidance_scale=guidance,
                     generator=torch.Generator().manual_seed(3), output_type="pt").images
    common.golden(out, common.levels(image * 2 - 1)[0], {"embeddings": embedding}, prompt="the cat", steps=steps,
                  guidance=guidance, seed=3)


def tiny(seed):
    from diffusers.pipelines.stable_diffusion.stable_unclip_image_normalizer import StableUnCLIPImageNormalizer
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection
    torch.manual_seed(seed)
    unet = common.tiny_unet(class_embed_type="projection", projection_class_embeddings_input_dim=24)
    normalizer = StableUnCLIPImageNormalizer(embedding_dim=12)
    normalizer.mean.data = torch.randn(1, 12) * 0.3
    normalizer.std.data = torch.rand(1, 12) + 0.5
    pipeline = diffusers.StableUnCLIPImg2ImgPipeline(
        vae=image_embedding.tiny_vae(), text_encoder=common.tiny_text(8), tokenizer=common.tiny_tokenizer()[0], unet=unet,
        scheduler=diffusers.DDIMScheduler(**common.SD, clip_sample=False, set_alpha_to_one=False, steps_offset=1,
                                          prediction_type="v_prediction"),
        image_noising_scheduler=diffusers.DDPMScheduler(beta_schedule="squaredcos_cap_v2"), image_normalizer=normalizer,
        # Present in the class, never run: embeddings are given.
        image_encoder=CLIPVisionModelWithProjection(CLIPVisionConfig(
            hidden_size=4, intermediate_size=4, num_hidden_layers=1, num_attention_heads=1, image_size=8, patch_size=8,
            projection_dim=12)), feature_extractor=None)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def write_tiny(seed, out):
    pipeline = tiny(seed)
    common.lighten(pipeline)
    told = write(pipeline, out, "Random weights, for tests", "image encoder of the checkpoint", True)
    golden(pipeline, out, torch.randn(1, 12, generator=torch.Generator().manual_seed(seed)))
    common.manifest(out, licence="CC0-1.0", **told)
    return pipeline


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint", nargs="?")
    parser.add_argument("out", type=Path)
    parser.add_argument("--tiny", type=int, metavar="SEED")
    spaces.options(parser, "'CHECKPOINT image_encoder'")
    common.precision(parser)
    options = parser.parse_intermixed_args()
    common.DTYPE = options.dtype
    torch.set_grad_enabled(False)
    if options.tiny is not None:
        write_tiny(options.tiny, options.out)
        return
    pipeline = diffusers.StableUnCLIPImg2ImgPipeline.from_pretrained(options.checkpoint)
    common.lighten(pipeline)
    told = write(pipeline, options.out, str(options.checkpoint), options.space or spaces.inside(options.checkpoint))
    dim = told["space"]["dimension"]
    golden(pipeline, options.out, torch.randn(1, dim, generator=torch.Generator().manual_seed(1)))
    common.manifest(options.out, **told)


if __name__ == "__main__":
    main()
