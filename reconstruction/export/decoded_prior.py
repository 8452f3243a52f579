"""Export the diffusion prior of a published decoder into the folder layout that Noesis reads.

    python decoded_prior.py mindeye1 CHECKPOINT OUT      last.pth of MindEye (arXiv:2305.18274)
    python decoded_prior.py mindeye2 CHECKPOINT OUT      last.pth of MindEye2 (arXiv:2403.11207)
    python decoded_prior.py atm CHECKPOINT OUT           the state dict of ATM's DiffusionPriorUNet (arXiv:2403.07721)
    python decoded_prior.py SYSTEM --tiny SEED OUT       random weights under the same names, for tests

What was decoded of a stimulus to an embedding that the stimulus is likely to have. The networks are built here anew from
what papers and code state, with the checkpoints' own names of weights; sizes are read from the weights, which are
loaded strictly: one too few or too many is an error. Other parts of a checkpoint (MindEye's brain network, its noise
tables) are left out. --space for another name of what is drawn, see spaces.py; --given for that of what is decoded, where
it is another.

Graph `prior`: `noisy` and `condition` [rows, (tokens,) dim], `timestep` and `keep` [rows, 1] -> `prediction`; `keep` is
0 where the condition is left out, as guidance asks. scheduler/ has the system's sampler, the facts `steps`, `guidance`,
`scale` (what is drawn is multiplied by it) and `vectors` (pooled: tokens are divided by the length of the first).
golden.safetensors: what was `decoded`, and the `embedding` drawn of it here.
"""

import argparse
import json
import math
from pathlib import Path

import common
import files
import torch

import spaces


class Norm(torch.nn.Module):
    """Layer norm with a gain alone; `stable` divides by the largest number first."""

    def __init__(self, dim, stable=False):
        super().__init__()
        self.g, self.stable = torch.nn.Parameter(torch.ones(dim)), stable

    def forward(self, x):
        if self.stable:
            x = x / x.amax(-1, keepdim=True)
        centred = x - x.mean(-1, keepdim=True)
        return centred / (centred.pow(2).mean(-1, keepdim=True) + 1e-5).sqrt() * self.g


class Gate(torch.nn.Module):
    def forward(self, x):
        value, gate = x.chunk(2, dim=-1)
        return value * torch.nn.functional.silu(gate)


class Turns(torch.nn.Module):
    """Rotary positions of neighbouring pairs in the first numbers of each head."""

    def __init__(self, width):
        super().__init__()
        self.freqs = torch.nn.Parameter(10000.0 ** -(torch.arange(0, width, 2) / width))

    def forward(self, x):
        angles = torch.arange(x.shape[-2]).float()[:, None] * self.freqs
        cos, sin = angles.cos(), angles.sin()
        turned, rest = x[..., :2 * len(self.freqs)], x[..., 2 * len(self.freqs):]
        even, odd = turned[..., 0::2], turned[..., 1::2]
        pairs = torch.stack([even * cos - odd * sin, odd * cos + even * sin], dim=-1)
        return torch.cat([pairs.flatten(-2), rest], dim=-1)


class Attention(torch.nn.Module):
    """Cosine attention of several queries to one key and value, and to one learned of each."""

    def __init__(self, dim, heads, width, turns):
        super().__init__()
        self.heads, self.norm = heads, Norm(dim)
        self.null_kv = torch.nn.Parameter(torch.randn(2, width))
        self.to_q = torch.nn.Linear(dim, heads * width, bias=False)
        self.to_kv = torch.nn.Linear(dim, 2 * width, bias=False)
        self.rotary_emb = turns
        self.to_out = torch.nn.Sequential(torch.nn.Linear(heads * width, dim, bias=False), Norm(dim))

    def forward(self, x, bias):
        rows, count, _ = x.shape
        x = self.norm(x)
        query = self.rotary_emb(self.to_q(x).view(rows, count, self.heads, -1).transpose(1, 2))
        key, value = self.to_kv(x).chunk(2, dim=-1)
        learned = self.null_kv[:, None].unsqueeze(1).expand(-1, rows, -1, -1)
        key = torch.cat([learned[0], self.rotary_emb(key)], dim=1)
        value = torch.cat([learned[1], value], dim=1)
        query, key = (torch.nn.functional.normalize(t, dim=-1) for t in (query, key))
        weights = (16 * query @ key.unsqueeze(1).transpose(2, 3) + bias).softmax(-1)
        return self.to_out((weights @ value.unsqueeze(1)).transpose(1, 2).reshape(rows, count, -1))


class Places(torch.nn.Module):
    """A bias by how far back a key lies: 16 distances of their own, then 16 up to 128; none ahead."""

    def __init__(self, heads):
        super().__init__()
        self.relative_attention_bias = torch.nn.Embedding(32, heads)

    def forward(self, count):
        back = (torch.arange(count)[:, None] - torch.arange(count + 1)[None, :]).clamp(min=0)
        far = 16 + ((back.clamp(min=1) / 16).log() / math.log(8) * 16).long()
        return self.relative_attention_bias(torch.where(back < 16, back, far.clamp(max=31))).permute(2, 0, 1)


class Transformer(torch.nn.Module):
    def __init__(self, dim, depth, heads, width, inner):
        super().__init__()
        self.rel_pos_bias = Places(heads)
        turns = Turns(min(32, width))
        self.layers = torch.nn.ModuleList(torch.nn.ModuleList([
            Attention(dim, heads, width, turns),
            torch.nn.Sequential(Norm(dim), torch.nn.Linear(dim, 2 * inner, bias=False), Gate(), torch.nn.Identity(),
                                torch.nn.Identity(), torch.nn.Linear(inner, dim, bias=False))]) for _ in range(depth))
        self.norm, self.project_out = Norm(dim, True), torch.nn.Linear(dim, dim, bias=False)

    def forward(self, x):
        bias = self.rel_pos_bias(x.shape[1])
        for attention, after in self.layers:
            x = attention(x, bias) + x
            x = after(x) + x
        return self.project_out(self.norm(x))


class Waves(torch.nn.Module):
    """Sines, then cosines, of the step, from the fastest to the slowest."""

    def __init__(self, dim):
        super().__init__()
        self.half = dim // 2

    def forward(self, t):
        angles = t * torch.exp(torch.arange(self.half) * (-math.log(10000) / (self.half - 1)))
        return torch.cat([angles.sin(), angles.cos()], dim=1)


class Time(torch.nn.Module):
    """`net.0.0`, `net.1.0`, `net.2`: three linear maps, twice as wide between."""

    def __init__(self, dim):
        super().__init__()
        def step(a, b):
            return torch.nn.Sequential(torch.nn.Linear(a, b), torch.nn.SiLU(), torch.nn.Identity())
        self.net = torch.nn.Sequential(step(dim, 2 * dim), step(2 * dim, 2 * dim), torch.nn.Linear(2 * dim, dim))

    def forward(self, x):
        return self.net(x)


class TokenPrior(torch.nn.Module):
    """MindEye's: brain tokens, one of the step and the noisy ones, of which the last are the output."""

    def __init__(self, tokens, dim, depth, heads, width, inner):
        super().__init__()
        self.tokens = tokens
        self.to_time_embeds = torch.nn.Sequential(torch.nn.Sequential(Waves(dim), Time(dim)))
        self.learned_query = torch.nn.Parameter(torch.randn(tokens, dim) * dim ** -0.5)
        self.causal_transformer = Transformer(dim, depth, heads, width, inner)
        self.null_brain_embeds = torch.nn.Parameter(torch.randn(tokens, dim))
        self.null_image_embed = torch.nn.Parameter(torch.randn(tokens, dim))

    def forward(self, noisy, timestep, condition, keep):
        keep = keep.unsqueeze(2)
        brain = condition * keep + self.null_brain_embeds * (1 - keep)
        image = noisy * keep + self.null_image_embed * (1 - keep) + self.learned_query
        time = self.to_time_embeds(timestep).unsqueeze(1)
        return self.causal_transformer(torch.cat([brain, time, image], dim=1))[:, -self.tokens:]


class VectorPrior(torch.nn.Module):
    """ATM's: narrower and narrower maps and back, each told step and condition, the way in added on the way out."""

    def __init__(self, dim, condition, widths, waves):
        super().__init__()
        from diffusers.models.embeddings import TimestepEmbedding, Timesteps
        down, up = list(zip(widths, widths[1:])), list(zip(widths[:0:-1], widths[-2::-1]))
        def mapped(a, b):
            return torch.nn.Sequential(torch.nn.Linear(a, b), torch.nn.LayerNorm(b), torch.nn.SiLU())
        def each(make, pairs):
            return torch.nn.ModuleList(make(a, b) for a, b in pairs)
        self.time_proj = Timesteps(waves, True, 0)
        self.input_layer = mapped(dim, widths[0])
        for name, pairs in (("encode", down), ("decode", up)):
            setattr(self, f"{name}_time_embedding", each(lambda a, _: TimestepEmbedding(waves, a), pairs))
            setattr(self, f"{name}_cond_embedding", each(lambda a, _: torch.nn.Linear(condition, a), pairs))
            setattr(self, f"{name}_layers", each(mapped, pairs))
        self.output_layer = torch.nn.Linear(widths[0], dim)

    def forward(self, noisy, timestep, condition, keep):
        waves, x, kept = self.time_proj(timestep.squeeze(1)), self.input_layer(noisy), []
        for time, about, layer in zip(self.encode_time_embedding, self.encode_cond_embedding, self.encode_layers):
            kept.append(x)
            x = layer(x + time(waves) + about(condition) * keep)
        for time, about, layer in zip(self.decode_time_embedding, self.decode_cond_embedding, self.decode_layers):
            x = layer(x + time(waves) + about(condition) * keep) + kept.pop()
        return self.output_layer(x)


def token_prior(state):
    """The network of these weights; its sizes are theirs."""
    tokens, dim = state["learned_query"].shape
    layer = "causal_transformer.layers.0."
    width, inner = state[layer + "0.null_kv"].shape[1], state[layer + "1.5.weight"].shape[1]
    depth = 1 + max(int(name.split(".")[2]) for name in state if name.startswith("causal_transformer.layers."))
    return TokenPrior(tokens, dim, depth, state[layer + "0.to_q.weight"].shape[0] // width, width, inner)


def vector_prior(state):
    count = sum(name.startswith("encode_cond_embedding.") and name.endswith(".weight") for name in state)
    widths = [state[f"encode_cond_embedding.{i}.weight"].shape[0] for i in range(count)]
    widths.append(state["decode_cond_embedding.0.weight"].shape[0])
    return VectorPrior(state["output_layer.weight"].shape[0], state["encode_cond_embedding.0.weight"].shape[1], widths,
                       state["encode_time_embedding.0.linear_1.weight"].shape[1])


CLIP_L, CLIP_H = "openai/clip-vit-large-patch14", "h94/IP-Adapter models/image_encoder"
BIG = "open_clip/ViT-bigG-14:laion2b_s39b_b160k"
COSINE = {"num_train_timesteps": 100, "beta_schedule": "squaredcos_cap_v2", "prediction_type": "sample"}


class System:
    """How a system keeps and runs its prior."""

    def __init__(self, build, prefixes, space, layer, sampler, steps, guidance, pooled=False):
        self.build, self.prefixes, self.space, self.layer = build, prefixes, space, layer
        self.sampler, self.steps, self.guidance, self.pooled = sampler, steps, guidance, pooled


SYSTEMS = {
    # Its targets are multiplied by the root of their width in training; what is drawn is divided by its first token.
    "mindeye1": System(token_prior, ("net.",), CLIP_L, "image_tokens", {
        "_class_name": "DDPMScheduler", **COSINE, "clip_sample": False}, 100, 1.0, True),
    "mindeye2": System(token_prior, ("diffusion_prior.net.",), BIG, "image_tokens", {
        "_class_name": "DALLE2DDIMScheduler", **COSINE, "eta": 1.0}, 20, 1.0),
    "atm": System(vector_prior, ("",), CLIP_H, "image_embeds", {
        "_class_name": "DDPMScheduler", "num_train_timesteps": 1000, "beta_start": 0.0001, "beta_end": 0.02,
        "beta_schedule": "linear", "prediction_type": "epsilon", "clip_sample": True, "clip_sample_range": 1.0}, 50, 5.0)}


def read(system, checkpoint):
    """The prior's weights among those of a checkpoint."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    state = state.get("model_state_dict", state)
    state = {name.removeprefix("module."): weight for name, weight in state.items()}
    for prefix in system.prefixes:
        found = {name[len(prefix):]: weight.float() for name, weight in state.items() if name.startswith(prefix)}
        if found:
            return found
    raise SystemExit(f"{checkpoint}: none of its weights is called {' or '.join(system.prefixes)}*, found "
                     f"{sorted(state)[:3]}; is it of another system?")


@torch.no_grad()
def draw(system, network, decoded, seed, steps, guidance, keep=None):
    """What the system's own loop draws of [1, ...]; `keep` is a list that gets the sample after every step."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(*shape(network, decoded), generator=generator)

    def predicted(x, t):
        time, one = torch.full((1, 1), float(t)), torch.ones(1, 1)
        given = network(x, time, decoded, one)
        if guidance <= 1:
            return given
        without = network(x, time, decoded, 0 * one)
        return without + guidance * (given - without)

    for x in (dalle2 if system.sampler["_class_name"].startswith("DALLE2") else stepped)(
            system.sampler, predicted, x, steps, generator):
        if keep is not None:
            keep.append(x)
    drawn = x * scale(system, network)
    return drawn / drawn[:, :1].norm(dim=-1, keepdim=True) if system.pooled else drawn


def stepped(sampler, predicted, x, steps, generator):
    """By a sampler of diffusers."""
    import diffusers
    scheduler = diffusers.DDPMScheduler(**{k: v for k, v in sampler.items() if k != "_class_name"})
    scheduler.set_timesteps(steps)
    for t in scheduler.timesteps:
        x = scheduler.step(predicted(x, t), t, x, generator=generator).prev_sample
        yield x


def dalle2(sampler, predicted, x, steps, generator):
    """DALLE2-pytorch's shortened sampling: the signal of a step is that before it, the noise is told by its own."""
    total = sampler["num_train_timesteps"]
    f = torch.cos((torch.linspace(0, total, total + 1, dtype=torch.float64) / total + 0.008) / 1.008 * math.pi / 2) ** 2
    own = torch.cumprod(1 - torch.clip(1 - f[1:] / f[:-1], 0, 0.999), 0).float()
    before = torch.cat([torch.ones(1), own[:-1]])
    times = torch.linspace(-1.0, total, steps + 1)[:-1].int().tolist()[::-1]
    for t, later in zip(times[:-1], times[1:]):
        clean = predicted(x, t)
        if later < 0:
            x = clean
        else:
            noise = (x - own[t].sqrt() * clean) / (1 - own[t]).sqrt()
            a, b = before[t], before[later]
            fresh = sampler["eta"] * ((1 - a / b) * (1 - b) / (1 - a)).sqrt()
            drawn = torch.randn(*x.shape, generator=generator) if later > 0 else 0.0
            x = clean * b.sqrt() + fresh * drawn + (1 - b - fresh ** 2).sqrt() * noise
        yield x


def shape(network, decoded):
    return decoded.shape if isinstance(network, TokenPrior) else (1, network.output_layer.out_features)


def scale(system, network):
    return network.learned_query.shape[1] ** -0.5 if system.pooled else 1.0


def write(system, network, out, title, space, given, tiny=False):
    tokens = isinstance(network, TokenPrior)
    sizes = tuple(network.learned_query.shape) if tokens else (network.output_layer.out_features,)
    asked = sizes if tokens else (network.encode_cond_embedding[0].in_features,)
    free = {0: "rows"}
    common.export(
        network.eval(), {"noisy": torch.randn(2, *sizes), "timestep": torch.full((2, 1), 5.0),
                         "condition": torch.randn(2, *asked), "keep": torch.ones(2, 1)}, ["prediction"],
        {name: free for name in ("noisy", "timestep", "condition", "keep", "prediction")}, out / "prior", None, tiny)
    (out / "scheduler").mkdir(parents=True, exist_ok=True)
    (out / "scheduler/scheduler_config.json").write_text(json.dumps(system.sampler, indent=1) + "\n")
    facts = {"steps": system.steps, "guidance": system.guidance, "scale": scale(system, network),
             "vectors": "pooled" if system.pooled else "raw", "given-model": given, "given-layer": system.layer}
    return dict(kind="decoded-prior", title=title, facts=facts, space={
        "model": space, "layer": system.layer, "dimension": sizes[-1], "tokens": sizes[0] if tokens else 1})


def golden(system, network, out, steps, guidance):
    generator = torch.Generator().manual_seed(1)
    sizes = (network.learned_query.shape if isinstance(network, TokenPrior)
             else (network.encode_cond_embedding[0].in_features,))
    decoded = torch.randn(1, *sizes, generator=generator)
    found = draw(system, network, decoded, 3, steps, guidance)
    files.save({"decoded": decoded, "embedding": found}, out / "golden.safetensors", {
        "seed": "3", "steps": str(steps), "guidance": str(guidance)})


def tiny(name, seed):
    torch.manual_seed(seed)
    network = VectorPrior(12, 12, [10, 8, 6], 8) if name == "atm" else TokenPrior(5, 12, 2, 3, 8, 24)
    for weight in network.parameters():
        weight.data += 0.1 * torch.randn_like(weight)
    if name != "atm":
        # The last norm divides by the largest number of a token, which trained ones keep well above 0.
        network.learned_query.data[:, 0] += 4
        network.causal_transformer.project_out.weight.data *= 0.5
    return network.eval()


def write_tiny(name, seed, out, tower="tiny-vision"):
    system, network = SYSTEMS[name], tiny(name, seed)
    told = write(system, network, out, "Random weights, for tests", tower, tower, True)
    golden(system, network, out, system.steps if name == "mindeye1" else 10, system.guidance)
    common.manifest(out, licence="CC0-1.0", **told)
    return system, network


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("system", choices=list(SYSTEMS))
    parser.add_argument("checkpoint", nargs="?")
    parser.add_argument("out", type=Path)
    parser.add_argument("--tiny", type=int, metavar="SEED")
    spaces.options(parser, "that of the system's image encoder")
    parser.add_argument("--given", metavar="MODEL", help="the encoder of what is decoded (default: that of --space)")
    options = parser.parse_intermixed_args()
    torch.set_grad_enabled(False)
    if options.tiny is not None:
        write_tiny(options.system, options.tiny, options.out)
        return
    system = SYSTEMS[options.system]
    state = read(system, options.checkpoint)
    network = system.build(state)
    network.load_state_dict(state, strict=True)
    space = options.space or system.space
    told = write(system, network, options.out, f"prior of {options.system}", space, options.given or space)
    golden(system, network, options.out, system.steps, system.guidance)
    common.manifest(options.out, **told)


if __name__ == "__main__":
    main()
