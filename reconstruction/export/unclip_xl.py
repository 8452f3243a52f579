"""Export SDXL unCLIP, the generator of MindEye2, into the folder layout that Noesis reads.

    python unclip_xl.py CHECKPOINT OUT                   MindEye2's unclip6_epoch0_step110000.ckpt
    python unclip_xl.py --tiny SEED OUT                  random weights of the same class, for tests

The network of SDXL with image tokens in the place of text: `encoder_hidden_states` [batch, 256, 1664] (the tokens of
OpenCLIP's ViT-bigG/14), and `vector` [batch, 1024], the sinusoids of height and width and of the crop's top and left,
256 numbers each, which Noesis makes. It predicts noise. The checkpoint's weights are renamed by diffusers' converter and
loaded strictly: a weight too few or too many is an error. The sampler is SDXL's own: Euler over 1000 noise levels,
`timestep_spacing: sgm`. MindEye2's other settings (noise as unconditional tokens, offset noise, its way of starting and
of turning latents into grey levels) are the profile `mindeye2`.
"""

import argparse
import json
from pathlib import Path

import common
import diffusers
import numpy as np
import torch

import image_embedding
import spaces

# As `clip.py --open-clip ViT-bigG-14:laion2b_s39b_b160k --tokens patches` names it.
BIG = "open_clip/ViT-bigG-14:laion2b_s39b_b160k"
SAMPLER = {"_class_name": "EulerDiscreteScheduler", **common.SD, "num_train_timesteps": 1000,
           "prediction_type": "epsilon", "timestep_spacing": "sgm", "steps_offset": 0}


class Unet(torch.nn.Module):
    """`vector` comes in whole: the network's own sinusoids are passed by."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, sample, timestep, encoder_hidden_states, vector):
        own, self.model.add_time_proj = self.model.add_time_proj, torch.nn.Identity()
        out = self.model(sample, timestep, encoder_hidden_states, return_dict=False,
                         added_cond_kwargs={"text_embeds": vector[:, :2], "time_ids": vector[:, 2:]})[0]
        self.model.add_time_proj = own
        return out


def write(unet, vae, tokens, out, title, space, tiny=False):
    config = unet.config
    side, channels, width = config.sample_size, config.in_channels, config.cross_attention_dim
    free = {0: "batch", 2: "height", 3: "width"}
    common.export(
        Unet(unet), {"sample": torch.randn(2, channels, side, side), "timestep": torch.tensor(5.0),
                     "encoder_hidden_states": torch.randn(2, tokens, width),
                     "vector": torch.randn(2, config.projection_class_embeddings_input_dim)},
        ["out_sample"], {"sample": free, "encoder_hidden_states": {0: "batch"}, "vector": {0: "batch"},
                         "out_sample": free}, out / "unet", config, tiny)
    image_embedding.vae_graphs(vae, side, out, tiny)
    (out / "scheduler").mkdir(parents=True, exist_ok=True)
    (out / "scheduler/scheduler_config.json").write_text(json.dumps(SAMPLER, indent=1) + "\n")
    return dict(kind="unclip-xl", title=title, facts={"steps": 38, "guidance": 5},
                scaling={"vae": float(vae.config.scaling_factor)},
                space={**space, "dimension": width, "tokens": tokens})


def levels(steps):
    """Noise levels and places of SDXL's own code: numpy, float64, no last level."""
    betas = np.linspace(0.00085 ** 0.5, 0.012 ** 0.5, 1000) ** 2
    product = np.cumprod(1 - betas)
    places = np.linspace(999, 0, steps, endpoint=False).astype(int)
    return torch.tensor(((1 - product) / product) ** 0.5)[places], places


@torch.no_grad()
def sample(unet, vae, embeddings, seeds, steps, guidance, mindeye2=False, start=None, strength=1.0, keep=None):
    """The sampler by its formulas. `mindeye2`: noise for tokens, offset noise, start at z + sigma noise.

    `keep` is a list that gets the latents after every call.
    """
    draw = [torch.Generator().manual_seed(seed) for seed in seeds]
    def normal(*sizes):
        return torch.cat([torch.randn(1, *sizes, generator=g) for g in draw])
    side, channels = unet.config.sample_size, unet.config.in_channels
    without = normal(*embeddings.shape[1:]) if mindeye2 else torch.zeros_like(embeddings)
    sigmas, places = levels(steps)
    begin = steps - int(steps * strength)
    if start is not None:
        x = start + sigmas[begin] * normal(*start.shape[1:])
    elif mindeye2:
        z, noise = normal(channels, side, side), normal(channels, side, side)
        x = z + sigmas[0] * (noise + 0.04 * torch.cat([torch.randn(1, generator=g) for g in draw]).view(-1, 1, 1, 1))
    else:
        x = sigmas[0] * normal(channels, side, side)
    x = x.float()
    pixels = side * 2 ** (len(vae.config.block_out_channels) - 1)
    rows = len(seeds) * (2 if guidance > 1 else 1)
    sizes = torch.tensor([[pixels, pixels, 0.0, 0.0]]).repeat(rows, 1)
    context = torch.cat([without, embeddings]) if guidance > 1 else embeddings
    # The size alone: nothing pooled goes before it.
    added = {"text_embeds": torch.zeros(rows, 0), "time_ids": sizes}
    for i in range(begin, steps):
        sigma, later = sigmas[i], sigmas[i + 1] if i + 1 < steps else torch.tensor(0.0, dtype=torch.float64)
        shown = (x / (sigma ** 2 + 1) ** 0.5).float()
        out = unet(torch.cat([shown] * 2) if guidance > 1 else shown, torch.tensor(float(places[i])), context,
                   added_cond_kwargs=added).sample
        clean = torch.cat([x] * 2) - sigma * out if guidance > 1 else x - sigma * out
        if guidance > 1:
            u, c = clean.chunk(2)
            clean = u + guidance * (c - u)
        x = (x + (later - sigma) * (x - clean) / sigma).float()
        if keep is not None:
            keep.append(x)
    pictures = vae.decode(x / vae.config.scaling_factor, return_dict=False)[0]
    # MindEye2 makes grey levels of 0.8 v + 0.2; common.levels of v / 2 + 1 / 2.
    return x, common.levels(pictures * 1.6 - 0.6 if mindeye2 else pictures)


def golden(unet, vae, tokens, out, seed):
    embedding = torch.randn(1, tokens, unet.config.cross_attention_dim, generator=torch.Generator().manual_seed(seed))
    image = sample(unet, vae, embedding, [3], 6, 5.0)[1]
    common.golden(out, image[0], {"embeddings": embedding}, steps=6, guidance=5.0, seed=3)


def tiny(seed):
    torch.manual_seed(seed)
    unet = common.tiny_unet(
        cross_attention_dim=12, addition_embed_type="text_time", addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=32, transformer_layers_per_block=(1, 1), use_linear_projection=True)
    vae = image_embedding.tiny_vae()
    vae.register_to_config(scaling_factor=0.13025)
    return unet, vae


def write_tiny(seed, out):
    unet, vae = tiny(seed)
    common.lighten(unet)
    told = write(unet, vae, 6, out, "Random weights, for tests", {"model": "tiny-vision", "layer": "image_tokens"}, True)
    golden(unet, vae, 6, out, seed)
    common.manifest(out, licence="CC0-1.0", **told)
    return unet, vae


# The sizes of MindEye2's checkpoint: sgm's model_channels 320, num_head_channels 64, and SDXL's autoencoder.
SIZES = {"unet": dict(sample_size=96, block_out_channels=(320, 640, 1280), attention_head_dim=(5, 10, 20),
                      transformer_layers_per_block=(1, 2, 10), cross_attention_dim=1664, addition_time_embed_dim=256,
                      projection_class_embeddings_input_dim=1024),
         "vae": dict(block_out_channels=(128, 256, 512, 512), layers_per_block=2, sample_size=768)}


def converted(checkpoint, sizes=SIZES):
    """Network and autoencoder of a checkpoint of SDXL's own code, by diffusers' names."""
    from diffusers.loaders import single_file_utils as convert
    weights = torch.load(checkpoint, map_location="cpu", weights_only=True)
    weights = weights.get("state_dict", weights)
    unet = diffusers.UNet2DConditionModel(
        in_channels=4, out_channels=4, layers_per_block=2,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"), use_linear_projection=True,
        addition_embed_type="text_time", **sizes["unet"])
    # The converter wants to know how SDXL's size embedding is called here.
    config = {**unet.config, "class_embed_type": None}
    unet.load_state_dict(convert.convert_ldm_unet_checkpoint(dict(weights), config), strict=True)
    levels = len(sizes["vae"]["block_out_channels"])
    vae = diffusers.AutoencoderKL(
        in_channels=3, out_channels=3, latent_channels=4, down_block_types=("DownEncoderBlock2D",) * levels,
        up_block_types=("UpDecoderBlock2D",) * levels, scaling_factor=0.13025, **sizes["vae"])
    vae.load_state_dict(convert.convert_ldm_vae_checkpoint(dict(weights), dict(vae.config)), strict=True)
    return unet.eval().float(), vae.eval().float()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint", nargs="?")
    parser.add_argument("out", type=Path)
    parser.add_argument("--tiny", type=int, metavar="SEED")
    spaces.options(parser, BIG)
    common.precision(parser)
    options = parser.parse_intermixed_args()
    common.DTYPE = options.dtype
    torch.set_grad_enabled(False)
    if options.tiny is not None:
        write_tiny(options.tiny, options.out)
        return
    unet, vae = converted(options.checkpoint)
    common.lighten(unet)
    told = write(unet, vae, 256, options.out, "SDXL unCLIP of MindEye2",
                 {"model": options.space or BIG, "layer": "image_tokens"})
    golden(unet, vae, 256, options.out, 1)
    common.manifest(options.out, **told)


if __name__ == "__main__":
    main()
