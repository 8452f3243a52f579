"""Export the decoder of Kandinsky 2.2 of diffusers into the folder layout that Noesis reads.

    python kandinsky.py CHECKPOINT PRIOR_CHECKPOINT OUT  PRIOR_CHECKPOINT: its image encoder gives the unconditional input
                                                         and the name of the space (--space for another, see spaces.py)
    python kandinsky.py --tiny SEED OUT                  random weights of the same classes, for tests

The network takes `image_embeds` [batch, dim] and gives noise and variance, twice the channels. The MoVQ decoder has no
scaling factor. unconditional.safetensors has `image` [dim], CLIP's embedding of a black picture.
"""

import argparse
from pathlib import Path

import common
import diffusers
import torch
from safetensors.torch import save_file

import spaces


class Unet(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, sample, timestep, image_embeds):
        return self.model(sample, timestep, None, added_cond_kwargs={"image_embeds": image_embeds}, return_dict=False)[0]


class Decoder(torch.nn.Module):
    def __init__(self, movq):
        super().__init__()
        self.movq = movq

    def forward(self, latent_sample):
        return self.movq.decode(latent_sample, force_not_quantize=True).sample


def write(pipeline, unconditional, out, title, space, tiny=False, steps=50):
    unet, movq = pipeline.unet, pipeline.movq
    side, channels, dim = unet.config.sample_size, unet.config.in_channels, unet.config.encoder_hid_dim
    free = {0: "batch", 2: "height", 3: "width"}
    common.export(
        Unet(unet), {"sample": torch.randn(2, channels, side, side), "timestep": torch.tensor(5),
                     "image_embeds": torch.randn(2, dim)},
        ["out_sample"], {"sample": free, "image_embeds": {0: "batch"}, "out_sample": free}, out / "unet", unet.config, tiny)
    common.export(Decoder(movq), {"latent_sample": torch.randn(1, channels, side, side)}, ["sample"],
                  {"latent_sample": free, "sample": free}, out / "vae_decoder", movq.config, tiny)
    common.save_scheduler(pipeline.scheduler, out / "scheduler")
    save_file({"image": unconditional.reshape(-1).float().contiguous()}, out / "unconditional.safetensors")
    return dict(kind="kandinsky-2-2", title=title, facts={"steps": steps, "guidance": 4}, scaling={"vae": 1.0},
                space={"model": space, "layer": "image_embeds", "dimension": dim, "tokens": 1})


def size(pipeline):
    return pipeline.unet.config.sample_size * pipeline.movq_scale_factor


def golden(pipeline, unconditional, out, embedding, steps=6, guidance=4.0):
    image = pipeline(
        image_embeds=embedding, negative_image_embeds=unconditional.reshape(1, -1), height=size(pipeline),
        width=size(pipeline), num_inference_steps=steps, guidance_scale=guidance,
        generator=torch.Generator().manual_seed(3), output_type="pt").images
    common.golden(out, common.levels(image)[0], {"embeddings": embedding}, steps=steps, guidance=guidance, seed=3)


def tiny(seed):
    torch.manual_seed(seed)
    unet = diffusers.UNet2DConditionModel(
        sample_size=16, in_channels=4, out_channels=8, addition_embed_type="image", encoder_hid_dim_type="image_proj",
        encoder_hid_dim=12, cross_attention_dim=4, block_out_channels=(4, 8), layers_per_block=1, attention_head_dim=4,
        norm_num_groups=2, mid_block_type="UNetMidBlock2DSimpleCrossAttn", resnet_time_scale_shift="scale_shift",
        down_block_types=("ResnetDownsampleBlock2D", "SimpleCrossAttnDownBlock2D"),
        up_block_types=("SimpleCrossAttnUpBlock2D", "ResnetUpsampleBlock2D"), class_embed_type=None).eval()
    # Its spatial norms have 32 groups, whatever norm_num_groups says.
    movq = diffusers.VQModel(
        block_out_channels=(32,), down_block_types=("DownEncoderBlock2D",), up_block_types=("AttnUpDecoderBlock2D",),
        latent_channels=4, vq_embed_dim=4, num_vq_embeddings=8, norm_num_groups=2, norm_type="spatial",
        layers_per_block=1).eval()
    # The same block again and again: a small file.
    block = movq.decoder.mid_block.resnets[0]
    movq.decoder.mid_block.resnets[1] = block
    for i in range(len(movq.decoder.up_blocks[0].resnets)):
        movq.decoder.up_blocks[0].resnets[i] = block
    unet.conv_out.weight *= 3
    movq.decoder.conv_out.weight *= 0.3
    scheduler = diffusers.DDPMScheduler(
        beta_start=0.00085, beta_end=0.012, clip_sample=False, variance_type="learned_range", prediction_type="epsilon")
    pipeline = diffusers.KandinskyV22Pipeline(unet=unet, scheduler=scheduler, movq=movq)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline, torch.randn(12)


def write_tiny(seed, out):
    pipeline, unconditional = tiny(seed)
    common.lighten(pipeline)
    told = write(pipeline, unconditional, out, "Random weights, for tests", "image encoder of the prior", True, 6)
    golden(pipeline, unconditional, out, torch.randn(1, 12, generator=torch.Generator().manual_seed(seed)))
    common.manifest(out, licence="CC0-1.0", **told)
    return pipeline, unconditional


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint", nargs="*")
    parser.add_argument("out", type=Path)
    parser.add_argument("--tiny", type=int, metavar="SEED")
    spaces.options(parser, "'PRIOR_CHECKPOINT image_encoder'")
    common.precision(parser)
    options = parser.parse_intermixed_args()
    common.DTYPE = options.dtype
    torch.set_grad_enabled(False)
    if options.tiny is not None:
        write_tiny(options.tiny, options.out)
        return
    checkpoint, prior = options.checkpoint
    pipeline = diffusers.KandinskyV22Pipeline.from_pretrained(checkpoint)
    common.lighten(pipeline)
    unconditional = diffusers.KandinskyV22PriorPipeline.from_pretrained(prior).get_zero_embed()
    told = write(pipeline, unconditional, options.out, checkpoint, options.space or spaces.inside(prior))
    dim = told["space"]["dimension"]
    golden(pipeline, unconditional, options.out, torch.randn(1, dim, generator=torch.Generator().manual_seed(1)))
    common.manifest(options.out, **told)


if __name__ == "__main__":
    main()
