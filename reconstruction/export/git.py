"""Export the text part of GIT (Wang et al. 2022, arXiv:2205.14100) into the folder layout that Noesis reads.

    python git.py CHECKPOINT OUT [--tower TOWER_OUT]      a folder or hub name for GitForCausalLM
    python git.py --tiny SEED OUT                         random weights of the same class, for tests

Its image encoder is left out: what brain decoding gives are the vectors of the picture's patches, [batch, 257, 1024]
for GIT-large (last_hidden_state of its encoder), which go in as `visual_embeds`. --tower writes that encoder as a pack of
its own, whose `image_tokens` are these vectors: the targets of a recipe. It was trained on with the words, so that a CLIP
is no replacement. Written: noesis-model.yaml,
decoder.onnx, tokenizer/ and golden.safetensors, as CAPTIONERS.md here describes. Run with the versions of requirements.txt.
"""

import argparse
from pathlib import Path

import packs
import spaces
import torch
from transformers import AutoTokenizer, GitConfig, GitForCausalLM


class Decoder(torch.nn.Module):
    """The logits of the word after patches and words; earlier ones come as keys and values."""

    def __init__(self, model):
        super().__init__()
        self.model = model
        self.patches = model.git.encoder.layer[0].attention.self.image_patch_tokens

    def forward(self, visual_embeds, input_ids, beam_idx, *past):
        past = packs.Past([tensor.index_select(0, beam_idx) for tensor in past])
        first = past.get_seq_length()
        count = input_ids.shape[1]
        # Words are numbered from 0, whatever stands before them.
        positions = torch.arange(count) + torch.clamp(torch.arange(1) + first - self.patches, min=0)
        words = self.model.git.embeddings(input_ids, position_ids=positions[None])
        hidden = torch.cat([self.model.git.visual_projection(visual_embeds), words], dim=1)
        rows = torch.arange(hidden.shape[1])[:, None] + first
        columns = torch.arange(first + hidden.shape[1])[None, :]
        hidden_from = (columns > rows) & (columns >= visual_embeds.shape[1])
        mask = torch.where(hidden_from, torch.finfo(torch.float32).min, 0.0)[None, None]
        out = self.model.git.encoder(hidden, attention_mask=mask, past_key_values=past, use_cache=True)
        return (self.model.output(out.last_hidden_state[:, -1]), *past.flat())


class Vision(torch.nn.Module):
    """The image encoder: its class token, and all vectors that the captioner reads."""

    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder

    def forward(self, pixel_values):
        tokens = self.encoder(pixel_values).last_hidden_state
        return tokens[:, 0], tokens


class Given(torch.nn.Module):
    """Stands in for the image encoder: what `pixel_values` brings are the patches' vectors, as [batch, 1, n, dim]."""

    def forward(self, pixel_values, interpolate_pos_encoding=False):
        return type("Out", (), {"last_hidden_state": pixel_values[:, 0]})()


def tiny(seed):
    torch.manual_seed(seed)
    tokenizer = packs.word_pieces(["red", "blue", "circle", "square", "a", "on", "the"])
    vision = {"hidden_size": 12, "intermediate_size": 24, "num_hidden_layers": 1, "num_attention_heads": 2,
              "image_size": 32, "patch_size": 16}
    model = GitForCausalLM(GitConfig(
        vision_config=vision, vocab_size=tokenizer.get_vocab_size(), hidden_size=16, num_hidden_layers=2,
        num_attention_heads=2, intermediate_size=32, max_position_embeddings=64, pad_token_id=0, bos_token_id=2,
        eos_token_id=3, initializer_range=0.6, attn_implementation="eager")).eval()
    with torch.no_grad():
        model.output.bias.normal_()
        model.output.bias[3] += 1.5
    return model, tokenizer


def tower(model, out, told, space):
    side = model.config.vision_config.image_size
    packs.vision(Vision(model.git.image_encoder), out, told, {}, space, {
        "size": side, "resize": side, "resample": "pillow-bicubic", "mean": [0.48145466, 0.4578275, 0.40821073],
        "std": [0.26862954, 0.26130258, 0.27577711]})


def write(model, tokenizer, out, told, space, layer, longest):
    out.mkdir(parents=True, exist_ok=True)
    config = model.config
    dim, patches = config.vision_config.hidden_size, Decoder(model).patches
    names = packs.past_names(config.num_hidden_layers, "past_key_values")
    inputs = {"visual_embeds": torch.randn(3, 2, dim), "input_ids": torch.ones(3, 2, dtype=torch.int64),
              "beam_idx": torch.tensor([0, 1, 1])}
    head = config.hidden_size // config.num_attention_heads
    inputs.update({name: torch.randn(2, config.num_attention_heads, patches + 2, head) for name in names})
    free = {"visual_embeds": {0: "batch", 1: "patches"}, "input_ids": {0: "batch", 1: "tokens"},
            "beam_idx": {0: "batch"}, "logits": {0: "batch"}, **packs.past_axes(config.num_hidden_layers)}
    decoder = packs.export(
        Decoder(model), inputs, ["logits"] + packs.past_names(config.num_hidden_layers, "present"), free,
        out / "decoder.onnx")
    packs.save_tokenizer(tokenizer, out)
    torch.manual_seed(7)
    states = torch.randn(4, patches, dim)
    stop = config.eos_token_id
    packs.golden(states, [greedy(model, row[None], stop, longest) for row in states], longest, out)
    packs.manifest(out, {
        **told, "facts": {"captioner": "tokens", "scaling": "raw", "start": str(config.bos_token_id),
                          "stop": str(stop), "max-tokens": str(longest)},
        "space": {"model": space, "layer": layer, "dimension": dim, "tokens": patches}},
        [packs.graph("decoder", decoder, out)])


def greedy(model, states, stop, longest):
    """The words for one picture, all computed anew for every word by the class itself."""
    model.git.image_encoder = Given()
    ids = [model.config.bos_token_id]
    while len(ids) <= longest and ids[-1] != stop:
        logits = model(input_ids=torch.tensor([ids]), pixel_values=states[:, None], use_cache=False).logits
        ids.append(int(logits[0, -1].argmax()))
    return ids[1:]


def tiny_told():
    return packs.told("tiny-git", "caption", "random weights, for tests", "CC0-1.0", "git.py", "none", [])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint", nargs="?")
    parser.add_argument("out", type=Path)
    parser.add_argument("--tower", type=Path, metavar="TOWER_OUT", help="write its image encoder, too")
    spaces.options(parser, "'CHECKPOINT image_encoder', as --tower names it")
    parser.add_argument("--tiny", type=int, metavar="SEED")
    options = parser.parse_intermixed_args()
    torch.set_grad_enabled(False)
    if options.tiny is not None:
        model, tokenizer = tiny(options.tiny)
        write(model, tokenizer, options.out, tiny_told(), "tiny-git", "image_tokens", 12)
        return
    model = GitForCausalLM.from_pretrained(options.checkpoint, attn_implementation="eager").eval()
    model.config.bos_token_id = model.config.bos_token_id or 101
    tokenizer = AutoTokenizer.from_pretrained(options.checkpoint).backend_tokenizer
    told = packs.told("git", "caption", "GIT, text part", "MIT", options.checkpoint, "arXiv:2205.14100",
                      ["COCO captions, Conceptual Captions and other image-text pairs"])
    space = options.space or spaces.inside(options.checkpoint)
    if options.tower:
        tower(model, options.tower, packs.told(
            "git-vision", "vision", "GIT, image encoder", "MIT", options.checkpoint, "arXiv:2205.14100",
            ["see the captioner"]), space)
    write(model, tokenizer, options.out, told, space, "image_tokens", 20)


if __name__ == "__main__":
    main()
