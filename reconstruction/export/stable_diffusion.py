"""Export a Stable Diffusion 1.x checkpoint of diffusers into the folder layout that Noesis reads.

    python stable_diffusion.py CHECKPOINT OUT            a folder or hub name that diffusers can load
    python stable_diffusion.py --tiny SEED OUT           random weights of the same classes, for tests

Written: model_index.json; text_encoder/, unet/, vae_encoder/, vae_decoder/, each with model.onnx and
config.json (the layout of optimum's exporter: `input_ids` -> `last_hidden_state`, `pooler_output`;
`sample`, `timestep`, `encoder_hidden_states` -> `out_sample`; `sample` -> `latent_parameters`;
`latent_sample` -> `sample`); scheduler/, tokenizer/; and golden.safetensors, one picture that
diffusers makes here on the CPU with the settings in its metadata, by which `noesis models verify`
proves the pack on another machine. Nothing is downloaded beyond what diffusers itself asks for.
Run with the versions of requirements.txt.
"""

import argparse
import importlib.machinery
import json
import sys
import types
from pathlib import Path

import torch

# transformers imports torchaudio where it is installed, and fails where its CUDA differs from torch's.
sys.modules["torchaudio"] = types.ModuleType("torchaudio")
sys.modules["torchaudio"].__spec__ = importlib.machinery.ModuleSpec("torchaudio", None)

import diffusers  # noqa: E402
from safetensors.torch import save_file  # noqa: E402
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer  # noqa: E402

OPSET = 18


class TextEncoder(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids):
        out = self.model(input_ids)
        return out.last_hidden_state, out.pooler_output


class Unet(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, sample, timestep, encoder_hidden_states):
        return self.model(sample, timestep, encoder_hidden_states, return_dict=False)[0]


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


def export(module, inputs, outputs, free, folder, config):
    folder.mkdir(parents=True, exist_ok=True)
    names = list(inputs)
    torch.onnx.export(
        module.eval(), tuple(inputs.values()), str(folder / "model.onnx"), input_names=names,
        output_names=outputs, dynamic_axes=free, opset_version=OPSET, dynamo=False)
    (folder / "config.json").write_text(json.dumps(dict(config), indent=2, default=str) + "\n")


def tiny(seed):
    """Every class of a Stable Diffusion 1 pipeline, a few thousand weights each."""
    torch.manual_seed(seed)
    letters = [chr(c) for c in list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))]
    letters += [chr(256 + i) for i in range(256 - len(letters))]
    merges = [("c", "a"), ("ca", "t</w>"), ("d", "o"), ("do", "g</w>"), ("t", "h"), ("th", "e</w>"), ("o", "f</w>")]
    tokens = letters + [c + "</w>" for c in letters] + ["".join(m) for m in merges]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    vocab = {t: i for i, t in enumerate(tokens)}
    tokenizer = CLIPTokenizer(vocab=vocab, merges=merges, model_max_length=77)
    text = CLIPTextModel(CLIPTextConfig(
        vocab_size=len(tokens), hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2,
        bos_token_id=len(tokens) - 2, eos_token_id=len(tokens) - 1, pad_token_id=len(tokens) - 1))
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
    scheduler = diffusers.PNDMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", skip_prk_steps=True, steps_offset=1,
        set_alpha_to_one=False)
    pipeline = diffusers.StableDiffusionPipeline(
        vae=vae, text_encoder=text, tokenizer=tokenizer, unet=unet, scheduler=scheduler, safety_checker=None,
        feature_extractor=None, requires_safety_checker=False)
    return pipeline, (vocab, merges)


def write(pipeline, vocabulary, out):
    side = pipeline.unet.config.sample_size
    width = pipeline.unet.config.cross_attention_dim
    channels = pipeline.unet.config.in_channels
    scale = 2 ** (len(pipeline.vae.config.block_out_channels) - 1)
    batch = {0: "batch"}
    picture = {0: "batch", 2: "height", 3: "width"}
    ids = torch.zeros(2, 77, dtype=torch.int64)
    export(TextEncoder(pipeline.text_encoder), {"input_ids": ids}, ["last_hidden_state", "pooler_output"],
           {"input_ids": batch, "last_hidden_state": batch, "pooler_output": batch}, out / "text_encoder",
           pipeline.text_encoder.config.to_dict())
    export(Unet(pipeline.unet),
           {"sample": torch.randn(2, channels, side, side), "timestep": torch.tensor(5.0),
            "encoder_hidden_states": torch.randn(2, 77, width)},
           ["out_sample"], {"sample": picture, "encoder_hidden_states": batch, "out_sample": picture}, out / "unet",
           pipeline.unet.config)
    export(VaeEncoder(pipeline.vae), {"sample": torch.randn(1, 3, side * scale, side * scale)}, ["latent_parameters"],
           {"sample": picture, "latent_parameters": picture}, out / "vae_encoder", pipeline.vae.config)
    export(VaeDecoder(pipeline.vae), {"latent_sample": torch.randn(1, channels, side, side)}, ["sample"],
           {"latent_sample": picture, "sample": picture}, out / "vae_decoder", pipeline.vae.config)
    pipeline.scheduler.save_pretrained(out / "scheduler")
    pipeline.tokenizer.save_pretrained(out / "tokenizer")
    if vocabulary:
        vocab, merges = vocabulary
        for file in (out / "tokenizer").glob("*"):
            file.unlink()
        (out / "tokenizer/vocab.json").write_text(json.dumps(vocab, ensure_ascii=False))
        (out / "tokenizer/merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges))
        (out / "tokenizer/special_tokens_map.json").write_text(json.dumps({"pad_token": "<|endoftext|>"}))
        (out / "tokenizer/tokenizer_config.json").write_text(
            json.dumps({"tokenizer_class": "CLIPTokenizer", "model_max_length": 77}))
    index = {"_class_name": "StableDiffusionPipeline", "_diffusers_version": diffusers.__version__}
    for name in ["text_encoder", "unet", "vae_encoder", "vae_decoder"]:
        index[name] = ["optimum.onnxruntime", "ORTModel"]
    index["scheduler"] = ["diffusers", type(pipeline.scheduler).__name__]
    index["tokenizer"] = ["transformers", "CLIPTokenizer"]
    (out / "model_index.json").write_text(json.dumps(index, indent=2) + "\n")


def golden(pipeline, out):
    settings = {"prompt": "the cat", "negative_prompt": "", "steps": "8", "guidance": "7.5", "seed": "3"}
    generator = torch.Generator().manual_seed(int(settings["seed"]))
    image = pipeline(
        settings["prompt"], negative_prompt=settings["negative_prompt"], num_inference_steps=int(settings["steps"]),
        guidance_scale=float(settings["guidance"]), generator=generator, output_type="np").images
    pixels = torch.from_numpy((image[0] * 255).round().astype("uint8")).contiguous()
    save_file({"image": pixels}, out / "golden.safetensors", metadata=settings)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint", nargs="?")
    parser.add_argument("out", type=Path)
    parser.add_argument("--tiny", type=int, metavar="SEED")
    options = parser.parse_args()
    torch.set_grad_enabled(False)
    vocabulary = None
    if options.tiny is not None:
        pipeline, vocabulary = tiny(options.tiny)
    else:
        pipeline = diffusers.StableDiffusionPipeline.from_pretrained(options.checkpoint, safety_checker=None)
    pipeline.set_progress_bar_config(disable=True)
    pipeline.text_encoder.eval(), pipeline.unet.eval(), pipeline.vae.eval()
    write(pipeline, vocabulary, options.out)
    golden(pipeline, options.out)


if __name__ == "__main__":
    main()
