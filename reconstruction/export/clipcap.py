"""Export a ClipCap captioner (Mokady et al. 2021, arXiv:2111.09734) into the folder layout that Noesis reads.

    python clipcap.py CHECKPOINT.pt OUT --clip openai/clip-vit-base-patch32 --scaling raw [--gpt2 gpt2]
    python clipcap.py --tiny SEED OUT [--mapper mlp|transformer]     random weights of the same classes, for tests

The checkpoint is a state dict with `clip_project.*` (an MLP with tanh, or the 8-layer mapper; told apart by their
names) and `gpt.*` (transformers' GPT2LMHeadModel). --clip names the space of the embeddings it was trained on (as the tower's pack does, see spaces.py),
--scaling whether they had length 1 (`--normalize_prefix` of its training script: unit, else raw). Written:
noesis-model.yaml, prefix.onnx, decoder.onnx, tokenizer/ and golden.safetensors, as CAPTIONERS.md here describes.
Run with the versions of requirements.txt.
"""

import argparse
from pathlib import Path

import packs
import torch
from transformers import GPT2Config, GPT2LMHeadModel, GPT2TokenizerFast


class Mlp(torch.nn.Module):
    """`clip_project.model.{0,2}`: linear, tanh, linear."""

    def __init__(self, dim, hidden, length, width):
        super().__init__()
        self.length, self.width = length, width
        self.model = torch.nn.Sequential(
            torch.nn.Linear(dim, hidden), torch.nn.Tanh(), torch.nn.Linear(hidden, length * width))

    def forward(self, embedding):
        return self.model(embedding).view(-1, self.length, self.width)


class Attention(torch.nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.to_queries = torch.nn.Linear(width, width, bias=False)
        self.to_keys_values = torch.nn.Linear(width, 2 * width, bias=False)
        self.project = torch.nn.Linear(width, width)

    def forward(self, x):
        batch, n, width = x.shape
        head = width // self.heads
        query = self.to_queries(x).view(batch, n, self.heads, head).transpose(1, 2)
        key, value = self.to_keys_values(x).view(batch, n, 2, self.heads, head).permute(2, 0, 3, 1, 4).unbind(0)
        weights = (query @ key.transpose(2, 3) * head**-0.5).softmax(-1)
        return self.project((weights @ value).transpose(1, 2).reshape(batch, n, width))


class Block(torch.nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.norm1, self.norm2 = torch.nn.LayerNorm(width), torch.nn.LayerNorm(width)
        self.attn = Attention(width, heads)
        self.mlp = torch.nn.ModuleDict({"fc1": torch.nn.Linear(width, hidden), "fc2": torch.nn.Linear(hidden, width)})

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp["fc2"](torch.relu(self.mlp["fc1"](self.norm2(x))))


class Mapper(torch.nn.Module):
    """`clip_project.{linear, prefix_const, transformer.layers.*}`: learned vectors read the embedding's."""

    def __init__(self, dim, width, length, clip_length, layers, heads, hidden):
        super().__init__()
        self.clip_length, self.width = clip_length, width
        self.linear = torch.nn.Linear(dim, clip_length * width)
        self.prefix_const = torch.nn.Parameter(torch.randn(length, width))
        self.transformer = torch.nn.ModuleDict(
            {"layers": torch.nn.ModuleList(Block(width, heads, hidden) for _ in range(layers))})

    def forward(self, embedding):
        x = self.linear(embedding).view(-1, self.clip_length, self.width)
        x = torch.cat([x, self.prefix_const.expand(x.shape[0], -1, -1)], dim=1)
        for block in self.transformer["layers"]:
            x = block(x)
        return x[:, self.clip_length:]


class Decoder(torch.nn.Module):
    """The logits of the word after prefix and tokens; earlier words come as keys and values."""

    def __init__(self, gpt):
        super().__init__()
        self.gpt = gpt

    def forward(self, prefix, input_ids, beam_idx, *past):
        past = packs.Past([tensor.index_select(0, beam_idx) for tensor in past])
        first = past.get_seq_length()
        embeds = torch.cat([prefix, self.gpt.transformer.wte(input_ids)], dim=1)
        count = embeds.shape[1]
        out = self.gpt.transformer(
            inputs_embeds=embeds, attention_mask=packs.causal(first, count),
            position_ids=(torch.arange(count) + first)[None], past_key_values=past, use_cache=True)
        return (self.gpt.lm_head(out.last_hidden_state[:, -1]), *past.flat())


def project(state):
    """The network of a checkpoint's `clip_project.*`, with its sizes read from the weights."""
    if "model.0.weight" in state:
        hidden, dim = state["model.0.weight"].shape
        found = Mlp(dim, hidden, 1, state["model.2.weight"].shape[0])
    else:
        length, width = state["prefix_const"].shape
        rows, dim = state["linear.weight"].shape
        layers = 1 + max(int(name.split(".")[2]) for name in state if name.startswith("transformer.layers."))
        hidden = state["transformer.layers.0.mlp.fc1.weight"].shape[0]
        found = Mapper(dim, width, length, rows // width, layers, 8, hidden)
    found.load_state_dict(state)
    return found.eval(), dim


def read(checkpoint, name):
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    part = lambda key: {n[len(key):]: t for n, t in state.items() if n.startswith(key)}  # noqa: E731
    mapper, dim = project(part("clip_project."))
    gpt = GPT2LMHeadModel.from_pretrained(name, attn_implementation="eager")
    gpt.load_state_dict(part("gpt."), strict=False)
    if isinstance(mapper, Mlp):
        mapper.width = gpt.config.n_embd
        mapper.length = mapper.model[2].out_features // mapper.width
    return mapper, gpt.eval(), dim


def tiny(seed, kind):
    """Weights of a few thousand numbers; the larger scale makes sentences differ and end."""
    torch.manual_seed(seed)
    tokenizer = packs.byte_pairs(["red", "blue", "circle", "square", " a", " red", " blue", " on", " the", " circle"])
    size = tokenizer.get_vocab_size()
    gpt = GPT2LMHeadModel(GPT2Config(
        vocab_size=size, n_embd=32, n_layer=2, n_head=4, n_positions=64, bos_token_id=size - 1, eos_token_id=size - 1,
        initializer_range=0.35, attn_implementation="eager")).eval()
    mapper = Mlp(12, 24, 4, 32) if kind == "mlp" else Mapper(12, 32, 4, 3, 2, 8, 64)
    with torch.no_grad():
        gpt.lm_head.weight[tokenizer.token_to_id(".")] *= 2.5 if kind == "mlp" else 4
    return mapper.eval(), gpt, 12, tokenizer


def tiny_told():
    return packs.told("tiny-clipcap", "caption", "random weights, for tests", "CC0-1.0", "clipcap.py", "none", [])


def greedy(mapper, gpt, embedding, stop, longest):
    """The tokens of one embedding [1, dim], the whole sentence computed anew for every word."""
    embeds, tokens = mapper(embedding), []
    while len(tokens) < longest and (not tokens or tokens[-1] != stop):
        tokens.append(int(gpt(inputs_embeds=embeds).logits[0, -1].argmax()))
        embeds = torch.cat([embeds, gpt.transformer.wte(torch.tensor([[tokens[-1]]]))], dim=1)
    return tokens


def graphs(mapper, gpt, dim, out):
    layers, config = gpt.config.n_layer, gpt.config
    prefix = packs.export(
        mapper, {"embedding": torch.randn(2, dim)}, ["prefix"], {"embedding": {0: "batch"}, "prefix": {0: "batch"}},
        out / "prefix.onnx")
    names = packs.past_names(layers, "past_key_values")
    inputs = {"prefix": torch.randn(3, 4, config.n_embd), "input_ids": torch.ones(3, 2, dtype=torch.int64),
              "beam_idx": torch.tensor([0, 1, 1])}
    inputs.update({name: torch.randn(2, config.n_head, 3, config.n_embd // config.n_head) for name in names})
    free = {"prefix": {0: "batch", 1: "prefix"}, "input_ids": {0: "batch", 1: "tokens"}, "beam_idx": {0: "batch"},
            "logits": {0: "batch"}, **packs.past_axes(layers)}
    decoder = packs.export(
        Decoder(gpt), inputs, ["logits"] + packs.past_names(layers, "present"), free, out / "decoder.onnx")
    return [packs.graph("prefix", prefix, out), packs.graph("decoder", decoder, out)]


def write(mapper, gpt, dim, tokenizer, out, told, space, scaling, longest):
    out.mkdir(parents=True, exist_ok=True)
    found = graphs(mapper, gpt, dim, out)
    packs.save_tokenizer(tokenizer, out)
    stop = tokenizer.encode(".").ids[0]
    torch.manual_seed(7)
    embeddings = torch.nn.functional.normalize(torch.randn(4, dim), dim=1)
    packs.golden(embeddings, [greedy(mapper, gpt, row[None], stop, longest) for row in embeddings], longest, out)
    packs.manifest(out, {
        **told, "facts": {"captioner": "prefix", "scaling": scaling, "start": "", "stop": str(stop),
                          "max-tokens": str(longest)},
        "space": {"model": space, "layer": "image_embeds", "dimension": dim, "tokens": 1}}, found)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint", nargs="?")
    parser.add_argument("out", type=Path)
    parser.add_argument("--clip", default="openai/clip-vit-base-patch32")
    parser.add_argument("--scaling", choices=["unit", "raw"], default="raw")
    parser.add_argument("--gpt2", default="gpt2")
    parser.add_argument("--tiny", type=int, metavar="SEED")
    parser.add_argument("--mapper", choices=["mlp", "transformer"], default="mlp")
    options = parser.parse_intermixed_args()
    torch.set_grad_enabled(False)
    told = packs.told("clipcap", "caption", "ClipCap", "MIT", "rmokady/CLIP_prefix_caption", "arXiv:2111.09734",
                      ["COCO captions", "WebText (GPT-2)", "CLIP's image-text pairs"])
    if options.tiny is not None:
        mapper, gpt, dim, tokenizer = tiny(options.tiny, options.mapper)
        write(mapper, gpt, dim, tokenizer, options.out, tiny_told(), "tiny-clip", "raw", 20)
    else:
        mapper, gpt, dim = read(options.checkpoint, options.gpt2)
        tokenizer = GPT2TokenizerFast.from_pretrained(options.gpt2).backend_tokenizer
        write(mapper, gpt, dim, tokenizer, options.out, told, options.clip, options.scaling, 67)


if __name__ == "__main__":
    main()
