"""Export Stable Diffusion with a ControlNet fused into the network, into the folder layout that Noesis reads.

    python controlnet.py CHECKPOINT CONTROLNET OUT
    python controlnet.py --tiny SEED OUT                 random weights of the same classes, for tests

The network has two more inputs: `control` [batch, 3, height, width] in [0, 1] (a depth map, say) and `control_scale`, a
scalar. Fused, its residuals never leave the runtime: about 100 MB per call for Stable Diffusion 1. NeuroPictor's kind of
control, features in place of a picture, fits too: whatever shape the graph's `control` declares.
"""

import argparse
from pathlib import Path

import common
import diffusers
import torch

import image_embedding


class Fused(torch.nn.Module):
    def __init__(self, unet, controlnet):
        super().__init__()
        self.unet, self.controlnet = unet, controlnet

    def forward(self, sample, timestep, encoder_hidden_states, control, control_scale):
        down, middle = self.controlnet(
            sample, timestep, encoder_hidden_states, controlnet_cond=control, conditioning_scale=control_scale,
            return_dict=False)
        return self.unet(sample, timestep, encoder_hidden_states, down_block_additional_residuals=down,
                         mid_block_additional_residual=middle, return_dict=False)[0]


def write(pipeline, out, title, tiny=False):
    unet = pipeline.unet
    side, channels = unet.config.sample_size, unet.config.in_channels
    pixels = side * pipeline.vae_scale_factor
    common.text_encoder(pipeline.text_encoder, ["last_hidden_state"], out / "text_encoder", tiny)
    image_embedding.vae_graphs(pipeline.vae, side, out, tiny)
    common.save_scheduler(pipeline.scheduler, out / "scheduler")
    common.tokenizer_files(pipeline.tokenizer, out / "tokenizer", tiny)
    free = {0: "batch", 2: "height", 3: "width"}
    common.export(
        Fused(unet, pipeline.controlnet),
        {"sample": torch.randn(2, channels, side, side), "timestep": torch.tensor(5.0),
         "encoder_hidden_states": torch.randn(2, 77, unet.config.cross_attention_dim),
         "control": torch.rand(2, 3, pixels, pixels), "control_scale": torch.tensor(0.8)},
        ["out_sample"], {"sample": free, "encoder_hidden_states": {0: "batch"}, "control": free, "out_sample": free},
        out / "unet", unet.config, tiny)
    return dict(kind="controlnet", title=title, facts={"steps": 50, "guidance": 5},
                scaling={"vae": float(pipeline.vae.config.scaling_factor)})


def golden(pipeline, out, steps=6, guidance=5.0):
    pixels = pipeline.unet.config.sample_size * pipeline.vae_scale_factor
    control = torch.rand(1, 3, pixels, pixels, generator=torch.Generator().manual_seed(4))
    tokens = torch.randn(1, 77, pipeline.unet.config.cross_attention_dim, generator=torch.Generator().manual_seed(5))
    image = pipeline(
        prompt_embeds=tokens, negative_prompt_embeds=pipeline.encode_prompt("", "cpu", 1, False)[0], image=control,
        num_inference_steps=steps, guidance_scale=guidance, generator=torch.Generator().manual_seed(3),
        output_type="pt").images
    common.golden(out, common.levels(image * 2 - 1)[0], {"embeddings": tokens, "also/control": control}, steps=steps,
                  guidance=guidance, seed=3)


def tiny(seed):
    torch.manual_seed(seed)
    unet = common.tiny_unet()
    controlnet = diffusers.ControlNetModel(
        block_out_channels=(4, 8), layers_per_block=1, norm_num_groups=2, cross_attention_dim=8, attention_head_dim=4,
        mid_block_type="UNetMidBlock2D", down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        conditioning_embedding_out_channels=(4, 4)).eval()
    # Its last layers start as zeros, which would control nothing.
    for name, weight in controlnet.named_parameters():
        if "controlnet_" in name and not bool(weight.any()):
            weight.copy_(torch.randn_like(weight) * 0.5)
    pipeline = diffusers.StableDiffusionControlNetPipeline(
        vae=image_embedding.tiny_vae(), text_encoder=common.tiny_text(8), tokenizer=common.tiny_tokenizer()[0], unet=unet,
        controlnet=controlnet, scheduler=diffusers.DDIMScheduler(
            **common.SD, clip_sample=False, set_alpha_to_one=False, steps_offset=1),
        safety_checker=None, feature_extractor=None, requires_safety_checker=False)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def write_tiny(seed, out):
    pipeline = tiny(seed)
    common.lighten(pipeline)
    told = write(pipeline, out, "Random weights, for tests", True)
    golden(pipeline, out)
    common.manifest(out, licence="CC0-1.0", **told)
    return pipeline


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint", nargs="*")
    parser.add_argument("out", type=Path)
    parser.add_argument("--tiny", type=int, metavar="SEED")
    common.precision(parser)
    options = parser.parse_intermixed_args()
    common.DTYPE = options.dtype
    torch.set_grad_enabled(False)
    if options.tiny is not None:
        write_tiny(options.tiny, options.out)
        return
    checkpoint, control = options.checkpoint
    pipeline = diffusers.StableDiffusionControlNetPipeline.from_pretrained(
        checkpoint, controlnet=diffusers.ControlNetModel.from_pretrained(control), safety_checker=None)
    common.lighten(pipeline)
    told = write(pipeline, options.out, f"{checkpoint} with {control}")
    golden(pipeline, options.out)
    common.manifest(options.out, **told)


if __name__ == "__main__":
    main()
