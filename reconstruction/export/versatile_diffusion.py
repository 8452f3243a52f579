"""Export Versatile Diffusion (dual guided) of diffusers into the folder layout that Noesis reads.

    python versatile_diffusion.py CHECKPOINT OUT         (--space for another name of its image encoder, see spaces.py)
    python versatile_diffusion.py --tiny SEED OUT        random weights of the same classes, for tests

The network takes `encoder_hidden_states` [batch, 77 + 257, width], the text tokens first, and `mix_ratio`, a scalar: the
share of the text (0 reads the image alone, 1 the text alone). Both kinds of tokens are CLIP ViT-L/14's, projected and
divided by the length of the pooled one: targets {pack: ..., output: image_tokens, scaling: pooled} of a tower that
clip.py exported with --tokens projected. unconditional.safetensors has `text` [77, width] (of the empty text) and two
pictures as [257, width]: `image`, that of diffusers' pipeline, whose values of 0.5 today's processors divide by 255, so
that it is black but for half a grey level, not the grey that it was with those of 2022; and `black`, a picture of zeros,
as Brain-Diffuser has it (profile brain-diffuser, setting `black`).
"""

import argparse
from pathlib import Path

import common
import diffusers
import numpy as np
import torch
from diffusers.pipelines.deprecated.versatile_diffusion.modeling_text_unet import UNetFlatConditionModel
from safetensors.torch import save_file

import image_embedding
import spaces

# Its image encoder and text encoder, as clip.py names them.
CLIP = "openai/clip-vit-large-patch14"


def _forward(self, *given, encoder_attention_mask=None, **named):
    return _dual(self, *given, **named)


# The blocks of diffusers 0.42 hand it a mask that its signature lacks; it uses none.
_dual = diffusers.models.DualTransformer2DModel.forward
diffusers.models.DualTransformer2DModel.forward = _forward


class Unet(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, sample, timestep, encoder_hidden_states, mix_ratio):
        for module in self.model.modules():
            if type(module).__name__ == "DualTransformer2DModel":
                module.mix_ratio = mix_ratio
        return self.model(sample, timestep, encoder_hidden_states, return_dict=False)[0]


def write(pipeline, unconditional, out, title, space, tiny=False):
    unet = pipeline.image_unet
    side, channels, width = unet.config.sample_size, unet.config.in_channels, unet.config.cross_attention_dim
    pipeline.set_transformer_params(0.5, ("text", "image"))
    free = {0: "batch", 2: "height", 3: "width"}
    common.export(
        Unet(unet), {"sample": torch.randn(2, channels, side, side), "timestep": torch.tensor(5.0),
                     "encoder_hidden_states": torch.randn(2, 77 + 257, width), "mix_ratio": torch.tensor(0.4)},
        ["out_sample"], {"sample": free, "encoder_hidden_states": {0: "batch"}, "out_sample": free}, out / "unet",
        unet.config, tiny)
    image_embedding.vae_graphs(pipeline.vae, side, out, tiny)
    common.save_scheduler(pipeline.scheduler, out / "scheduler")
    save_file({k: v.float().contiguous() for k, v in unconditional.items()}, out / "unconditional.safetensors")
    return dict(kind="versatile-diffusion", title=title, facts={"steps": 50, "guidance": 7.5, "embedding-scaling": "pooled"},
                scaling={"vae": float(pipeline.vae.config.scaling_factor)},
                space={"model": space, "layer": "image_tokens", "dimension": width, "tokens": 257})


def without(pipeline):
    """What stands for nothing, by the pipeline's own encoders."""
    def seen(picture):
        return pipeline._encode_image_prompt([picture], "cpu", 1, False)[0]

    zeros = np.zeros((512, 512, 3))
    return {"image": seen(zeros + 0.5), "black": seen(zeros.astype(np.uint8)),
            "text": pipeline._encode_text_prompt([""], "cpu", 1, False)[0]}


class Given(diffusers.VersatileDiffusionDualGuidedPipeline):
    """The pipeline with its encoders replaced by embeddings: prompt and image are [unconditional, given] rows."""

    def check_inputs(self, *_):
        pass

    def _encode_text_prompt(self, prompt, *_):
        return prompt[0]

    def _encode_image_prompt(self, image, *_):
        return image[0]


def golden(pipeline, unconditional, out, steps=6, guidance=7.5):
    width = pipeline.image_unet.config.cross_attention_dim
    image = torch.randn(1, 257, width, generator=torch.Generator().manual_seed(4))
    text = torch.randn(1, 77, width, generator=torch.Generator().manual_seed(5))
    pixels = run(pipeline, unconditional, image, text, [3], steps, guidance, 0.5)[1]
    common.golden(out, pixels[0], {"embeddings": image, "also/text": text}, steps=steps, guidance=guidance, seed=3)


def run(pipeline, unconditional, image, text, seeds, steps, guidance, mix, black=False):
    rows = len(image)
    if black:
        unconditional = {**unconditional, "image": unconditional["black"]}
    def both(name, given):
        return torch.cat([unconditional[name].expand(rows, -1, -1), given]) if guidance > 1 else given
    side = pipeline.image_unet.config.sample_size * pipeline.vae_scale_factor
    noise = torch.cat([torch.randn(1, pipeline.image_unet.config.in_channels, pipeline.image_unet.config.sample_size,
                                   pipeline.image_unet.config.sample_size,
                                   generator=torch.Generator().manual_seed(seed)) for seed in seeds])
    # The pipeline reads its batch size off the prompt; noise for more rows is given.
    pipeline.prepare_latents = lambda *_: noise * pipeline.scheduler.init_noise_sigma
    latents = pipeline(prompt=[both("text", text)], image=[both("image", image)], text_to_image_strength=mix, height=side,
                       width=side, num_inference_steps=steps, guidance_scale=guidance, output_type="latent").images
    pictures = pipeline.vae.decode(latents / pipeline.vae.config.scaling_factor, return_dict=False)[0]
    return latents, common.levels(pictures)


def tiny(seed):
    torch.manual_seed(seed)
    image = common.tiny_unet(
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        mid_block_type="UNetMidBlock2DCrossAttn")
    text = UNetFlatConditionModel(
        sample_size=16, block_out_channels=(4, 8), layers_per_block=1, norm_num_groups=2, cross_attention_dim=8,
        attention_head_dim=4, down_block_types=("DownBlockFlat", "CrossAttnDownBlockFlat"),
        up_block_types=("CrossAttnUpBlockFlat", "UpBlockFlat"), mid_block_type="UNetMidBlockFlatCrossAttn").eval()
    pipeline = Given(
        tokenizer=None, image_feature_extractor=None, text_encoder=common.tiny_text(8, 8), image_encoder=None,
        image_unet=image, text_unet=text, vae=image_embedding.tiny_vae(), scheduler=diffusers.DDIMScheduler(
            **common.SD, clip_sample=False, set_alpha_to_one=False, steps_offset=1))
    pipeline.set_progress_bar_config(disable=True)
    image, text = torch.randn(257, 8), torch.randn(77, 8)
    return pipeline, {"image": image, "text": text, "black": torch.randn(257, 8)}


def write_tiny(seed, out):
    pipeline, unconditional = tiny(seed)
    common.lighten(pipeline)
    told = write(pipeline, unconditional, out, "Random weights, for tests", "tiny-clip-257", True)
    golden(pipeline, unconditional, out)
    common.manifest(out, licence="CC0-1.0", **told)
    return pipeline, unconditional


def read(checkpoint):
    """Part by part: diffusers 0.42 does not find the class of the text network by the name that the checkpoint has."""
    from transformers import CLIPImageProcessor, CLIPTextModelWithProjection, CLIPTokenizer, CLIPVisionModelWithProjection
    scheduler = diffusers.DiffusionPipeline.load_config(checkpoint)["scheduler"][1]
    kinds = {"tokenizer": CLIPTokenizer, "image_feature_extractor": CLIPImageProcessor,
             "text_encoder": CLIPTextModelWithProjection, "image_encoder": CLIPVisionModelWithProjection,
             "image_unet": diffusers.UNet2DConditionModel, "text_unet": UNetFlatConditionModel,
             "vae": diffusers.AutoencoderKL, "scheduler": getattr(diffusers, scheduler)}
    pipeline = diffusers.VersatileDiffusionDualGuidedPipeline(
        **{name: kind.from_pretrained(checkpoint, subfolder=name) for name, kind in kinds.items()})
    for part in (pipeline.text_encoder, pipeline.image_encoder, pipeline.image_unet, pipeline.text_unet, pipeline.vae):
        part.eval()
    return pipeline


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint", nargs="?")
    parser.add_argument("out", type=Path)
    parser.add_argument("--tiny", type=int, metavar="SEED")
    spaces.options(parser, CLIP)
    common.precision(parser)
    options = parser.parse_intermixed_args()
    common.DTYPE = options.dtype
    torch.set_grad_enabled(False)
    if options.tiny is not None:
        write_tiny(options.tiny, options.out)
        return
    real = read(options.checkpoint)
    unconditional = without(real)
    real.__class__ = Given
    common.lighten(real)
    told = write(real, unconditional, options.out, str(options.checkpoint), options.space or CLIP)
    golden(real, unconditional, options.out)
    common.manifest(options.out, **told)


if __name__ == "__main__":
    main()
