"""Export a Stable Diffusion 1 or 2 checkpoint of diffusers into the folder layout that Noesis reads.

    python stable_diffusion.py CHECKPOINT OUT            a folder or hub name that diffusers can load
    python stable_diffusion.py --tiny SEED OUT           random weights of the same classes, for tests

Written: model_index.json; text_encoder/, unet/, vae_encoder/, vae_decoder/, each with model.onnx and
config.json (the layout of optimum's exporter: `input_ids` -> `last_hidden_state`, `pooler_output`;
`sample`, `timestep`, `encoder_hidden_states` -> `out_sample`; `sample` -> `latent_parameters`;
`latent_sample` -> `sample`); scheduler/, tokenizer/; and golden.safetensors, one picture that
diffusers makes here on the CPU with the settings in its metadata, by which `noesis models verify`
proves the pack on another machine. --dtype float16 halves the network. Nothing is downloaded beyond what diffusers
itself asks for. Run with the versions of requirements.txt.
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

    def forward(self, sample, timestep, encoder_hidden_states):
        return self.model(sample, timestep, encoder_hidden_states, return_dict=False)[0]


def tiny(seed):
    """Every class of a Stable Diffusion 1 pipeline, a few thousand weights each."""
    torch.manual_seed(seed)
    tokenizer = common.tiny_tokenizer()[0]
    text = common.plain_text(16, 32)
    unet = diffusers.UNet2DConditionModel(
        sample_size=16, block_out_channels=(8, 16), layers_per_block=1, norm_num_groups=4, cross_attention_dim=16,
        attention_head_dim=4, down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"))
    vae = diffusers.AutoencoderKL(
        block_out_channels=(8, 16), down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2, latent_channels=4, norm_num_groups=4, sample_size=32)
    # Random weights give flat pictures: a larger last layer makes grey levels that can differ.
    with torch.no_grad():
        vae.decoder.conv_out.weight *= 1.5
        unet.conv_out.weight *= 3
    scheduler = diffusers.PNDMScheduler(**common.SD, skip_prk_steps=True, steps_offset=1, set_alpha_to_one=False)
    pipeline = diffusers.StableDiffusionPipeline(
        vae=vae.eval(), text_encoder=text.eval(), tokenizer=tokenizer, unet=unet.eval(), scheduler=scheduler,
        safety_checker=None, feature_extractor=None, requires_safety_checker=False)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def parts(pipeline, out, tiny=False, slim=False):
    """Everything but the network."""
    common.text_encoder(pipeline.text_encoder, ["last_hidden_state", "pooler_output"], out / "text_encoder", slim)
    image_embedding.vae_graphs(pipeline.vae, pipeline.unet.config.sample_size, out, slim)
    common.save_scheduler(pipeline.scheduler, out / "scheduler")
    common.tokenizer_files(pipeline.tokenizer, out / "tokenizer", tiny)


def inputs(unet):
    side = unet.config.sample_size
    return {"sample": torch.randn(2, unet.config.in_channels, side, side), "timestep": torch.tensor(5.0),
            "encoder_hidden_states": torch.randn(2, 77, unet.config.cross_attention_dim)}


FREE = {"sample": {0: "batch", 2: "height", 3: "width"}, "encoder_hidden_states": {0: "batch"},
        "out_sample": {0: "batch", 2: "height", 3: "width"}}


def index(pipeline, out):
    graph = ["optimum.onnxruntime", "ORTModel"]
    common.index(out, type(pipeline).__name__, {
        **{name: graph for name in ["text_encoder", "unet", "vae_encoder", "vae_decoder"]},
        "scheduler": ["diffusers", type(pipeline.scheduler).__name__], "tokenizer": ["transformers", "CLIPTokenizer"]})


def write(pipeline, out, tiny=False):
    parts(pipeline, out, tiny)
    common.export(Unet(pipeline.unet), inputs(pipeline.unet), ["out_sample"], FREE, out / "unet", pipeline.unet.config)
    index(pipeline, out)


def golden(pipeline, out, steps=8, guidance=7.5):
    image = pipeline("the cat", negative_prompt="", num_inference_steps=steps, guidance_scale=guidance,
                     generator=torch.Generator().manual_seed(3), output_type="pt").images
    common.golden(out, common.levels(image * 2 - 1)[0], {}, prompt="the cat", negative_prompt="", steps=steps,
                  guidance=guidance, seed=3)


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
    pipeline = diffusers.StableDiffusionPipeline.from_pretrained(options.checkpoint, safety_checker=None)
    common.lighten(pipeline)
    write(pipeline, options.out)
    golden(pipeline, options.out)


if __name__ == "__main__":
    main()
