"""Export Stable Diffusion or SDXL with an IP-Adapter: an image embedding beside the prompt.

    python ip_adapter.py CHECKPOINT WEIGHTS OUT --space MODEL
                                                     WEIGHTS: a file of h94/IP-Adapter, ip-adapter_sdxl_vit-h.safetensors
                                                     MODEL: see spaces.py; "h94/IP-Adapter models/image_encoder" for _vit-h
    python ip_adapter.py --tiny SEED OUT             SDXL of random weights, for tests
    python ip_adapter.py --tiny SEED --small OUT     Stable Diffusion 1 of random weights

Layout of stable_diffusion_xl.py or stable_diffusion.py with a manifest. The network has two more inputs, with the
decoupled attention inside: `image_embeds` [batch, dim], the pooled and projected CLIP embedding (the projection to
image tokens is inside; the unconditional input is zeros), and `ip_scale`, a scalar.
"""

import argparse
from pathlib import Path

import common
import diffusers
import torch

import image_embedding
import spaces
import stable_diffusion_xl as xl


class Unet(torch.nn.Module):
    def __init__(self, model, extra):
        super().__init__()
        self.model, self.extra = model, extra

    def forward(self, sample, timestep, encoder_hidden_states, image_embeds, ip_scale, *more):
        for processor in self.model.attn_processors.values():
            if hasattr(processor, "scale"):
                processor.scale = [ip_scale]
        added = dict(zip(self.extra, more))
        return self.model(sample, timestep, encoder_hidden_states, return_dict=False,
                          added_cond_kwargs={"image_embeds": [image_embeds.unsqueeze(1)], **added})[0]


def embedding_size(unet):
    return unet.encoder_hid_proj.image_projection_layers[0].image_embeds.in_features


def write(pipeline, out, title, space, tiny=False, steps=30, guidance=5.0):
    unet = pipeline.unet
    large = hasattr(pipeline, "text_encoder_2")
    if large:
        xl.parts(pipeline, out, tiny)
        given = xl.inputs(unet)
    else:
        common.text_encoder(pipeline.text_encoder, ["last_hidden_state"], out / "text_encoder", tiny)
        image_embedding.vae_graphs(pipeline.vae, unet.config.sample_size, out, tiny)
        common.save_scheduler(pipeline.scheduler, out / "scheduler")
        common.tokenizer_files(pipeline.tokenizer, out / "tokenizer", tiny)
        given = {"sample": torch.randn(2, unet.config.in_channels, unet.config.sample_size, unet.config.sample_size),
                 "timestep": torch.tensor(5.0),
                 "encoder_hidden_states": torch.randn(2, 77, unet.config.cross_attention_dim)}
    extra = {name: given.pop(name) for name in ("text_embeds", "time_ids") if name in given}
    dim = embedding_size(unet)
    given |= {"image_embeds": torch.randn(2, dim), "ip_scale": torch.tensor(0.7), **extra}
    common.export(Unet(unet, list(extra)), given, ["out_sample"], xl.free(given), out / "unet", unet.config, tiny)
    return dict(
        kind="ip-adapter-xl" if large else "ip-adapter", title=title,
        space={"model": space, "layer": "image_embeds", "dimension": dim, "tokens": 1},
        facts={"steps": steps, "guidance": guidance, "force-zeros": large and pipeline.config.force_zeros_for_empty_prompt},
        scaling={"vae": float(pipeline.vae.config.scaling_factor)})


def golden(pipeline, out, embedding, steps, guidance):
    image = pipeline(
        "the cat", ip_adapter_image_embeds=[doubled(embedding, guidance)], num_inference_steps=steps,
        guidance_scale=guidance, generator=torch.Generator().manual_seed(3), output_type="pt").images
    common.golden(out, common.levels(image * 2 - 1)[0], {"embeddings": embedding}, prompt="the cat", steps=steps,
                  guidance=guidance, seed=3)


def doubled(embeddings, guidance):
    """As the pipelines want them: [n, 1, dim], zeros for the unconditional half first."""
    rows = embeddings.unsqueeze(1)
    return torch.cat([torch.zeros_like(rows), rows]) if guidance > 1 else rows


def tiny_weights(unet, dim, tokens=4):
    """What a file of an adapter holds."""
    width = unet.config.cross_attention_dim
    weights = {"image_proj": {"proj.weight": torch.randn(tokens * width, dim), "proj.bias": torch.zeros(tokens * width),
                              "norm.weight": torch.ones(width), "norm.bias": torch.zeros(width)}, "ip_adapter": {}}
    key = 1
    for name, processor in unet.attn_processors.items():
        if "attn2" in name:
            inner = unet.get_submodule(name.removesuffix(".processor")).inner_dim
            for which in "kv":
                weights["ip_adapter"][f"{key}.to_{which}_ip.weight"] = torch.randn(inner, width)
            key += 2
    return weights


def tiny(seed, small=False):
    dim = 12
    if small:
        torch.manual_seed(seed)
        pipeline = diffusers.StableDiffusionPipeline(
            vae=image_embedding.tiny_vae(), text_encoder=common.tiny_text(8), tokenizer=common.tiny_tokenizer()[0],
            unet=common.tiny_unet(), scheduler=diffusers.DDIMScheduler(
                **common.SD, clip_sample=False, set_alpha_to_one=False, steps_offset=1),
            safety_checker=None, feature_extractor=None, requires_safety_checker=False)
    else:
        pipeline = xl.tiny(seed)
        pipeline.scheduler = diffusers.EulerAncestralDiscreteScheduler(**common.SD, timestep_spacing="trailing")
    pipeline.unet._load_ip_adapter_weights([tiny_weights(pipeline.unet, dim)])
    pipeline.set_ip_adapter_scale(1.0)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def write_tiny(seed, out, small=False):
    pipeline = tiny(seed, small)
    common.lighten(pipeline)
    steps, guidance = (5, 5.0) if small else (4, 0.0)
    embedding = torch.randn(1, 12, generator=torch.Generator().manual_seed(seed))
    golden(pipeline, out if out.exists() else _made(out), embedding, steps, guidance)
    told = write(pipeline, out, "Random weights, for tests", "image encoder of the adapter", True, steps, guidance)
    common.manifest(out, licence="CC0-1.0", **told)
    pipeline.set_ip_adapter_scale(1.0)
    return pipeline


def _made(out):
    out.mkdir(parents=True)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint", nargs="*")
    parser.add_argument("out", type=Path)
    parser.add_argument("--tiny", type=int, metavar="SEED")
    parser.add_argument("--small", action="store_true")
    spaces.options(parser, "'image encoder of WEIGHTS', which meets no tower's")
    common.precision(parser)
    options = parser.parse_intermixed_args()
    common.DTYPE = options.dtype
    torch.set_grad_enabled(False)
    if options.tiny is not None:
        write_tiny(options.tiny, options.out, options.small)
        return
    checkpoint, weights = options.checkpoint
    pipeline = diffusers.AutoPipelineForText2Image.from_pretrained(checkpoint)
    pipeline.load_ip_adapter(str(Path(weights).parent), subfolder="", weight_name=Path(weights).name,
                             image_encoder_folder=None)
    pipeline.set_ip_adapter_scale(1.0)
    common.lighten(pipeline)
    turbo = isinstance(pipeline.scheduler, diffusers.EulerAncestralDiscreteScheduler)
    steps, guidance = (4, 0.0) if turbo else (20, 5.0)
    embedding = torch.randn(1, embedding_size(pipeline.unet), generator=torch.Generator().manual_seed(1))
    golden(pipeline, options.out if options.out.exists() else _made(options.out), embedding, steps, guidance)
    space = options.space or spaces.inside("image encoder of", Path(weights).name)
    common.manifest(options.out, **write(
        pipeline, options.out, f"{checkpoint} with {weights}", space, False, steps, guidance))


if __name__ == "__main__":
    main()
