"""Export a diffusion prior of diffusers (PriorTransformer: Karlo's unCLIP, Kandinsky 2.2) for Noesis.

    python unclip_prior.py CHECKPOINT OUT                a KandinskyV22PriorPipeline or an UnCLIPPipeline
                                                         (--space for another name of what it draws, see spaces.py)
    python unclip_prior.py --tiny SEED OUT               random weights of the same classes, for tests

Text to image embedding. Graph `prior`: `hidden_states` [batch, dim], `timestep`, `proj_embedding` [batch, dim],
`encoder_hidden_states` [batch, 77, dim], `attention_mask` int64 [batch, 77] -> `predicted_image_embedding` [batch, dim];
graph `text_encoder`: `input_ids` -> `text_embeds`, `last_hidden_state`. image_statistics.safetensors has `mean` and
`std` [dim]: what comes out is drawn x std + mean. Unconditional: an empty text. golden.safetensors: one embedding that
diffusers draws, with its prompt.
"""

import argparse
from pathlib import Path

import common
import diffusers
import files
import torch
from safetensors.torch import save_file

import spaces


class Prior(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, hidden_states, timestep, proj_embedding, encoder_hidden_states, attention_mask):
        return self.model(hidden_states, timestep, proj_embedding, encoder_hidden_states, attention_mask.bool(),
                          return_dict=False)[0]


def texts(tokenizer, text_encoder, prompts):
    """Embedding, states and mask, as both pipelines of diffusers make them."""
    tokens = tokenizer(prompts, padding="max_length", max_length=77, truncation=True, return_tensors="pt")
    found = text_encoder(tokens.input_ids)
    return found.text_embeds, found.last_hidden_state, tokens.attention_mask.bool()


@torch.no_grad()
def draw(prior, scheduler, given, without, seeds, steps, guidance):
    """The loop of both pipelines; returns the embeddings, the sample after every step, and the time steps."""
    generators = [torch.Generator().manual_seed(seed) for seed in seeds]
    scheduler.set_timesteps(steps)
    dim = prior.config.embedding_dim
    sample = torch.cat([torch.randn(1, dim, generator=g) for g in generators]) * scheduler.init_noise_sigma
    guided = guidance > 1
    both = [torch.cat([w, g]) for w, g in zip(without, given)] if guided else list(given)
    samples = []
    for i, t in enumerate(scheduler.timesteps):
        out = prior(torch.cat([sample] * 2) if guided else sample, timestep=t, proj_embedding=both[0],
                    encoder_hidden_states=both[1], attention_mask=both[2]).predicted_image_embedding
        if guided:
            u, c = out.chunk(2)
            out = u + guidance * (c - u)
        later = None if i + 1 == len(scheduler.timesteps) else scheduler.timesteps[i + 1]
        # As randn_tensor does with one generator per row.
        sample = step(scheduler, out, t, sample, later, generators)
        samples.append(sample)
    return prior.post_process_latents(sample), torch.stack(samples), scheduler.timesteps


def step(scheduler, out, t, sample, later, generators):
    return scheduler.step(out, timestep=t, sample=sample, generator=generators, prev_timestep=later).prev_sample


def write(prior, text_encoder, tokenizer, scheduler, out, title, space, given, tiny=False, steps=25):
    dim, width = prior.config.embedding_dim, prior.config.embedding_proj_dim or prior.config.embedding_dim
    free = {0: "batch"}
    names = ["hidden_states", "proj_embedding", "encoder_hidden_states", "attention_mask", "predicted_image_embedding"]
    common.export(
        Prior(prior), {"hidden_states": torch.randn(2, dim), "timestep": torch.tensor(5),
                       "proj_embedding": torch.randn(2, width), "encoder_hidden_states": torch.randn(2, 77, dim),
                       "attention_mask": torch.ones(2, 77, dtype=torch.int64)},
        ["predicted_image_embedding"], {name: free for name in names}, out / "prior", prior.config, tiny)
    common.text_encoder(text_encoder, ["text_embeds", "last_hidden_state"], out / "text_encoder", tiny)
    common.tokenizer_files(tokenizer, out / "tokenizer", tiny)
    common.save_scheduler(scheduler, out / "scheduler")
    save_file({"mean": prior.clip_mean.detach().reshape(-1).clone(), "std": prior.clip_std.detach().reshape(-1).clone()},
              out / "image_statistics.safetensors")
    # What `proj_embedding` is an embedding of: as targets of the same text encoder are called.
    facts = {"steps": steps, "guidance": 4, "given-model": given, "given-layer": "text_embeds"}
    return dict(kind="unclip-prior", title=title, facts=facts,
                space={"model": space, "layer": "image_embeds", "dimension": dim, "tokens": 1})


def golden(prior, text_encoder, tokenizer, scheduler, out, steps=5, guidance=4.0):
    given, without = (texts(tokenizer, text_encoder, [p]) for p in ("the cat", ""))
    found = draw(prior, scheduler, given, without, [3], steps, guidance)[0]
    files.save({"embedding": found}, out / "golden.safetensors", {
        "prompt": "the cat", "seed": "3", "steps": str(steps), "guidance": str(guidance)})


def tiny(seed, dim=8):
    torch.manual_seed(seed)
    prior = diffusers.PriorTransformer(num_attention_heads=2, attention_head_dim=dim // 2, num_layers=2, embedding_dim=dim,
                                       num_embeddings=77, additional_embeddings=4).eval()
    prior.positional_embedding.data.normal_()
    prior.prd_embedding.data.normal_()
    prior.clip_mean.data = torch.randn(1, dim) * 0.2
    prior.clip_std.data = torch.rand(1, dim) + 0.5
    prior.proj_to_clip_embeddings.weight.data *= 3
    scheduler = diffusers.UnCLIPScheduler(variance_type="fixed_small_log", num_train_timesteps=1000, clip_sample=True,
                                          clip_sample_range=2.0, prediction_type="sample")
    return prior, common.tiny_text(dim, dim), common.tiny_tokenizer()[0], scheduler


def write_tiny(seed, out, dim=8):
    parts = tiny(seed, dim)
    told = write(*parts, out, "Random weights, for tests", "image encoder of the prior", "text encoder of the prior", True, 5)
    golden(*parts, out)
    common.manifest(out, licence="CC0-1.0", **told)
    return parts


def read(checkpoint):
    """The parts of either pipeline, alone: diffusers 0.42 no longer loads the rest of an UnCLIPPipeline."""
    from transformers import CLIPTextModelWithProjection, CLIPTokenizer
    index = diffusers.DiffusionPipeline.load_config(checkpoint)
    scheduler = "prior_scheduler" if "prior_scheduler" in index else "scheduler"
    return (diffusers.PriorTransformer.from_pretrained(checkpoint, subfolder="prior").eval(),
            CLIPTextModelWithProjection.from_pretrained(checkpoint, subfolder="text_encoder").eval(),
            CLIPTokenizer.from_pretrained(checkpoint, subfolder="tokenizer"),
            diffusers.UnCLIPScheduler.from_pretrained(checkpoint, subfolder=scheduler))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint", nargs="?")
    parser.add_argument("out", type=Path)
    parser.add_argument("--tiny", type=int, metavar="SEED")
    spaces.options(parser, "'CHECKPOINT image_encoder'")
    options = parser.parse_intermixed_args()
    torch.set_grad_enabled(False)
    if options.tiny is not None:
        write_tiny(options.tiny, options.out)
        return
    parts = read(options.checkpoint)
    told = write(*parts, options.out, str(options.checkpoint), options.space or spaces.inside(options.checkpoint),
                 spaces.inside(options.checkpoint, "text_encoder"))
    golden(*parts, options.out)
    common.manifest(options.out, **told)


if __name__ == "__main__":
    main()
