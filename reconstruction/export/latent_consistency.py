"""Export a latent consistency model of diffusers into the folder layout that Noesis reads.

    python latent_consistency.py CHECKPOINT OUT          LatentConsistencyModelPipeline, for example LCM_Dreamshaper_v7
    python latent_consistency.py --tiny SEED OUT         random weights of the same classes, for tests

Layout of stable_diffusion.py; the network has one more input, `timestep_cond` [batch, width], the sinusoids of 1000
(guidance - 1), which Noesis makes: guidance was distilled into the network (arXiv:2310.04378), so that it is called once
per step, without an unconditional half.
"""

import argparse
from pathlib import Path

import common
import diffusers
import torch

import image_embedding
import stable_diffusion as sd


class Unet(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, sample, timestep, encoder_hidden_states, timestep_cond):
        return self.model(sample, timestep, encoder_hidden_states, timestep_cond=timestep_cond, return_dict=False)[0]


def write(pipeline, out, tiny=False):
    sd.parts(pipeline, out, tiny, tiny)
    unet = pipeline.unet
    given = {**sd.inputs(unet), "timestep_cond": torch.randn(2, unet.config.time_cond_proj_dim)}
    common.export(Unet(unet), given, ["out_sample"], {**sd.FREE, "timestep_cond": {0: "batch"}}, out / "unet",
                  unet.config, tiny)
    sd.index(pipeline, out)


def golden(pipeline, out, steps=4, guidance=8.5):
    image = pipeline("the cat", num_inference_steps=steps, guidance_scale=guidance,
                     generator=torch.Generator().manual_seed(3), output_type="pt").images
    common.golden(out, common.levels(image * 2 - 1)[0], {}, prompt="the cat", steps=steps, guidance=guidance, seed=3)


def tiny(seed):
    torch.manual_seed(seed)
    unet = common.tiny_unet(time_cond_proj_dim=10)
    # Random weights hardly heed the guidance.
    unet.time_embedding.cond_proj.weight *= 6
    pipeline = diffusers.LatentConsistencyModelPipeline(
        vae=image_embedding.tiny_vae(), text_encoder=common.tiny_text(8), tokenizer=common.tiny_tokenizer()[0],
        unet=unet, scheduler=diffusers.LCMScheduler(**common.SD, clip_sample=False, set_alpha_to_one=True),
        safety_checker=None, feature_extractor=None, requires_safety_checker=False)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def write_tiny(seed, out):
    pipeline = tiny(seed)
    common.lighten(pipeline)
    write(pipeline, out, True)
    golden(pipeline, out)
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
    pipeline = diffusers.LatentConsistencyModelPipeline.from_pretrained(options.checkpoint, safety_checker=None)
    common.lighten(pipeline)
    write(pipeline, options.out)
    golden(pipeline, options.out)


if __name__ == "__main__":
    main()
