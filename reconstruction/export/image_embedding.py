"""The layout of generators that are conditioned on one image embedding, and a tiny random example of it.

    python image_embedding.py --tiny SEED OUT            a latent model of random weights, for tests

This is the contract of the embedded model; README.md beside this file has it in words. Import `write` to export
a network of your own: any torch module forward(sample, timestep, image_embeds).
"""

import argparse
import inspect
from pathlib import Path

import common
import files
import torch
import diffusers

KIND = "image-embedding-diffusion"


class ClassLabels(torch.nn.Module):
    """A network of diffusers that takes the embedding where others take a class."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, sample, timestep, image_embeds):
        return self.model(sample, timestep, None, class_labels=image_embeds, return_dict=False)[0]


class VaeEncoder(torch.nn.Module):
    def __init__(self, vae):
        super().__init__()
        self.vae = vae

    def forward(self, sample):
        return self.vae.encode(sample).latent_dist.parameters


class VaeDecoder(torch.nn.Module):
    def __init__(self, vae):
        super().__init__()
        self.vae = vae

    def forward(self, latent_sample):
        return self.vae.decode(latent_sample, return_dict=False)[0]


def vae_graphs(vae, side, out, slim=False, encoder=True):
    scale = 2 ** (len(vae.config.block_out_channels) - 1)
    channels = vae.config.latent_channels
    free = {0: "batch", 2: "height", 3: "width"}
    if encoder:
        common.export(VaeEncoder(vae), {"sample": torch.randn(1, 3, side * scale, side * scale)},
                      ["latent_parameters"], {"sample": free, "latent_parameters": free}, out / "vae_encoder",
                      vae.config, slim)
    common.export(VaeDecoder(vae), {"latent_sample": torch.randn(1, channels, side, side)}, ["sample"],
                  {"latent_sample": free, "sample": free}, out / "vae_decoder", vae.config, slim)


def write(network, scheduler, out, *, channels, side, dim, title, space, steps, guidance, embedding_scaling="raw",
          vae=None, slim=False):
    """Writes the pack without its golden picture and manifest; call `finish` after adding other files."""
    free = {0: "batch"}
    common.export(
        network, {"sample": torch.randn(2, channels, side, side), "timestep": torch.tensor(5.0),
                  "image_embeds": torch.randn(2, dim)},
        ["out_sample"], {"sample": free, "image_embeds": free, "out_sample": free}, out / "unet",
        {"in_channels": channels, "sample_size": side}, slim)
    common.save_scheduler(scheduler, out / "scheduler")
    if vae is not None:
        vae_graphs(vae, side, out, slim)
    facts = {"unconditional": "zeros", "steps": steps, "guidance": guidance, "embedding-scaling": embedding_scaling}
    scaling = {"vae": float(vae.config.scaling_factor)} if vae is not None else {}
    return {"kind": KIND, "title": title, "space": space, "facts": facts, "scaling": scaling}


@torch.no_grad()
def sample(network, scheduler, vae, embeddings, seeds, steps, guidance, channels, side):
    """The plain loop: what Noesis must make of the same pack."""
    generators = [torch.Generator().manual_seed(seed) for seed in seeds]
    scheduler.set_timesteps(steps)
    noise = torch.cat([torch.randn(1, channels, side, side, generator=g) for g in generators])
    latents = noise * scheduler.init_noise_sigma
    both = torch.cat([torch.zeros_like(embeddings), embeddings]) if guidance > 1 else embeddings
    for t in scheduler.timesteps:
        rows = torch.cat([latents] * 2) if guidance > 1 else latents
        out = network(scheduler.scale_model_input(rows, t), t, both)
        if guidance > 1:
            without, given = out.chunk(2)
            out = without + guidance * (given - without)
        kwargs = {"generator": generators} if "generator" in inspect.signature(scheduler.step).parameters else {}
        latents = scheduler.step(out, t, latents, **kwargs).prev_sample
    pictures = latents if vae is None else vae.decode(latents / vae.config.scaling_factor, return_dict=False)[0]
    pixels = ((pictures / 2 + 0.5).clamp(0, 1).permute(0, 2, 3, 1) * 255).round().to(torch.uint8)
    return latents, pixels.contiguous()


def golden(network, scheduler, vae, embedding, out, *, seed, steps, guidance, channels, side):
    """One picture of one embedding [1, dim], by which `noesis models verify` proves the pack elsewhere."""
    pixels = sample(network, scheduler, vae, embedding, [seed], steps, guidance, channels, side)[1]
    files.save({"image": pixels[0], "embeddings": embedding}, out / "golden.safetensors",
               {"seed": str(seed), "steps": str(steps), "guidance": str(guidance)})


def tiny_vae():
    vae = diffusers.AutoencoderKL(
        block_out_channels=(4, 8), down_block_types=("DownEncoderBlock2D",) * 2, up_block_types=("UpDecoderBlock2D",) * 2,
        latent_channels=4, norm_num_groups=2, sample_size=32)
    # Random weights give flat pictures: a larger last layer makes grey levels that can differ.
    with torch.no_grad():
        vae.decoder.conv_out.weight *= 1.5
    return vae.eval()


def tiny(seed):
    torch.manual_seed(seed)
    unet = diffusers.UNet2DConditionModel(
        sample_size=16, block_out_channels=(4, 8), layers_per_block=1, norm_num_groups=2, cross_attention_dim=4,
        attention_head_dim=4, class_embed_type="simple_projection", projection_class_embeddings_input_dim=12,
        mid_block_type=None, down_block_types=("DownBlock2D", "AttnDownBlock2D"),
        up_block_types=("AttnUpBlock2D", "UpBlock2D"))
    with torch.no_grad():
        unet.conv_out.weight *= 3
        unet.class_embedding.weight *= 4
    scheduler = diffusers.DDIMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", clip_sample=False, set_alpha_to_one=False,
        steps_offset=1)
    return ClassLabels(unet).eval(), scheduler, tiny_vae()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--tiny", type=int, metavar="SEED", required=True)
    options = parser.parse_intermixed_args()
    torch.set_grad_enabled(False)
    write_tiny(options.tiny, options.out)


def write_tiny(seed, out):
    network, scheduler, vae = tiny(seed)
    sizes = {"channels": 4, "side": 16}
    told = write(
        network, scheduler, out, dim=12, title="Random weights, for tests", steps=6, guidance=3, vae=vae, slim=True,
        space={"model": "tiny-vision", "layer": "image_embeds", "dimension": 12, "tokens": 1}, **sizes)
    embedding = torch.randn(1, 12, generator=torch.Generator().manual_seed(seed))
    golden(network, scheduler, vae, embedding, out, seed=3, steps=6, guidance=3.0, **sizes)
    common.manifest(out, licence="CC0-1.0", **told)
    return network, scheduler, vae


if __name__ == "__main__":
    main()
