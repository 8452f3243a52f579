"""Export both towers of a CLIP into the folder layout that Noesis reads.

    python clip.py CHECKPOINT OUT                          a folder or hub name for transformers' CLIPModel
    python clip.py --open-clip NAME:WEIGHTS OUT            for example ViT-bigG-14:laion2b_s39b_b160k
    python clip.py --openai FILE.pt OUT                    as 'noesis models fetch openai-clip-vit-l-14' brings it
    python clip.py --vision CHECKPOINT OUT [--subfolder image_encoder]      the image tower alone, that of a pipeline too
    python clip.py --tiny SEED OUT [--layout transformers|open_clip]     random weights of the same classes, for tests

--tokens says which vectors of the patches `image_tokens` are: projected (all, behind layer norm and projection),
hidden (all, last hidden state), patches (without the class token, behind the layer norm: what open_clip gives with
output_tokens since its version 2.23, and MindEye2, which pins 2.24, takes). --text-tokens says it of `text_tokens`: hidden
(last hidden state, what Stable Diffusion reads) or projected (what Versatile Diffusion reads). Written: noesis-model.yaml,
vision.onnx, text.onnx, tokenizer/ and golden.safetensors, as TOWERS.md here describes. The space has the name of the
checkpoint, with its folder where it is part of a pipeline: see spaces.py. Run with the versions of requirements.txt.
"""

import argparse
import json
from pathlib import Path

import packs
import spaces
import torch
from safetensors.torch import save_file
from transformers import CLIPConfig, CLIPModel, CLIPTokenizerFast, CLIPVisionModelWithProjection

# The fused attention of eval mode has no ONNX form; the plain one gives the same numbers.
torch.backends.mha.set_fastpath_enabled(False)

MEAN, STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]
SENTENCES = ["the cat", "a dog of the cat, a dog!"]


class Vision(torch.nn.Module):
    def __init__(self, model, tokens):
        super().__init__()
        self.model, self.tokens = model, tokens

    def forward(self, pixel_values):
        out = self.model.vision_model(pixel_values)
        hidden = out.last_hidden_state
        if self.tokens == "projected":
            hidden = self.model.visual_projection(self.model.vision_model.post_layernorm(hidden))
        elif self.tokens == "patches":
            hidden = self.model.vision_model.post_layernorm(hidden)[:, 1:]
        return self.model.visual_projection(out.pooler_output), hidden


class Text(torch.nn.Module):
    def __init__(self, model, tokens="hidden"):
        super().__init__()
        self.model, self.tokens = model, tokens

    def forward(self, input_ids):
        out = self.model.text_model(input_ids)
        hidden = out.last_hidden_state
        if self.tokens == "projected":
            hidden = self.model.text_projection(hidden)
        return self.model.text_projection(out.pooler_output), hidden


class OpenVision(torch.nn.Module):
    """open_clip's VisionTransformer: the same outputs from its own parts."""

    def __init__(self, model, tokens):
        super().__init__()
        self.visual, self.tokens = model.visual, tokens

    def forward(self, pixel_values):
        visual = self.visual
        x = visual.conv1(pixel_values).flatten(2).transpose(1, 2)
        first = visual.class_embedding.expand(x.shape[0], 1, -1)
        hidden = visual.transformer(visual.ln_pre(torch.cat([first, x], dim=1) + visual.positional_embedding))
        pooled = visual.ln_post(hidden[:, 0]) @ visual.proj
        if self.tokens == "projected":
            hidden = visual.ln_post(hidden) @ visual.proj
        elif self.tokens == "patches":
            hidden = visual.ln_post(hidden)[:, 1:]
        return pooled, hidden


class OpenText(torch.nn.Module):
    def __init__(self, model, tokens="hidden"):
        super().__init__()
        self.model, self.tokens = model, tokens

    def forward(self, input_ids):
        model = self.model
        x = model.token_embedding(input_ids) + model.positional_embedding[: input_ids.shape[1]]
        x = model.ln_final(model.transformer(x, attn_mask=model.attn_mask))
        pooled = x[torch.arange(x.shape[0]), input_ids.argmax(dim=-1)] @ model.text_projection
        return pooled, x @ model.text_projection if self.tokens == "projected" else x


def tiny_tokenizer():
    letters = [chr(c) for c in list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))]
    letters += [chr(256 + i) for i in range(256 - len(letters))]
    merges = [("c", "a"), ("ca", "t</w>"), ("d", "o"), ("do", "g</w>"), ("t", "h"), ("th", "e</w>"), ("o", "f</w>")]
    tokens = letters + [c + "</w>" for c in letters] + ["".join(m) for m in merges]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    return {t: i for i, t in enumerate(tokens)}, merges


def tiny(seed, projection=10, words=16, patches=16, patch=8):
    """Widths of the projection, of words and of patches, and how many pixels wide a patch is."""
    torch.manual_seed(seed)
    vocabulary = tiny_tokenizer()
    size = len(vocabulary[0])
    model = CLIPModel(CLIPConfig(
        projection_dim=projection,
        text_config={"vocab_size": size, "hidden_size": words, "intermediate_size": 32, "num_hidden_layers": 2,
                     "num_attention_heads": 2, "max_position_embeddings": 77, "bos_token_id": size - 2,
                     "eos_token_id": size - 1, "pad_token_id": size - 1},
        vision_config={"hidden_size": patches, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2,
                       "image_size": 32, "patch_size": patch})).eval()
    return model, vocabulary


def tiny_open(seed):
    from open_clip.model import CLIP

    torch.manual_seed(seed)
    vocabulary = tiny_tokenizer()
    model = CLIP(
        10, {"layers": 2, "width": 16, "head_width": 8, "patch_size": 8, "image_size": 32},
        {"context_length": 77, "vocab_size": len(vocabulary[0]), "width": 16, "heads": 2, "layers": 2}).eval()
    return model, vocabulary


def ids(out, padding, count=77):
    """The golden texts as the written tokenizer cuts them, filled up."""
    tokenizer = CLIPTokenizerFast(vocab=str(out / "tokenizer/vocab.json"), merges=str(out / "tokenizer/merges.txt"))
    rows = tokenizer(SENTENCES)["input_ids"]
    return torch.tensor([row + [padding] * (count - len(row)) for row in rows])


def write(vision, text, out, told, facts, space, side, vocabulary, padding):
    out.mkdir(parents=True, exist_ok=True)
    (out / "tokenizer").mkdir(exist_ok=True)
    vocab, merges = vocabulary
    (out / "tokenizer/vocab.json").write_text(json.dumps(vocab, ensure_ascii=False))
    (out / "tokenizer/merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges))
    torch.manual_seed(7)
    pixels, words = torch.randn(2, 3, side, side), ids(out, padding)
    batch = {0: "batch"}
    free = {name: batch for name in ("pixel_values", "image_embeds", "image_tokens", "input_ids", "text_embeds", "text_tokens")}
    part = lambda *names: {name: free[name] for name in names}  # noqa: E731
    first = packs.export(vision, {"pixel_values": pixels}, ["image_embeds", "image_tokens"],
                         part("pixel_values", "image_embeds", "image_tokens"), out / "vision.onnx")
    second = packs.export(text, {"input_ids": words}, ["text_embeds", "text_tokens"],
                          part("input_ids", "text_embeds", "text_tokens"), out / "text.onnx")
    image_embeds, image_tokens = vision(pixels)
    text_embeds, text_tokens = text(words)
    save_file({name: tensor.contiguous() for name, tensor in {
        "pixel_values": pixels, "image_embeds": image_embeds, "image_tokens": image_tokens, "input_ids": words,
        "text_embeds": text_embeds, "text_tokens": text_tokens}.items()}, out / "golden.safetensors",
        metadata={"texts": json.dumps(SENTENCES)})
    packs.manifest(out, {
        **told, "facts": {"max-tokens": "77", "padding": str(padding), **facts},
        "space": {"model": space, "layer": "image_embeds", "dimension": image_embeds.shape[1], "tokens": 1},
        "preprocessing": {"size": side, "resize": side, "resample": "pillow-bicubic", "mean": MEAN, "std": STD}},
        [packs.graph("vision", first, out), packs.graph("text", second, out)])


def tiny_told(name):
    return packs.told(name, "clip", "random weights, for tests", "CC0-1.0", "clip.py", "none", [])


def write_tiny(seed, layout, out, tokens="projected", text="hidden", name="tiny-clip", **sizes):
    if layout == "transformers":
        model, vocabulary = tiny(seed, **sizes)
        write(Vision(model, tokens), Text(model, text), out, tiny_told(name), {"scaling": "raw", "crop": "half-down"},
              name, 32, vocabulary, len(vocabulary[0]) - 1)
    else:
        model, vocabulary = tiny_open(seed)
        write(OpenVision(model, tokens), OpenText(model), out, tiny_told("tiny-open-clip"), {"scaling": "unit"},
              "tiny-open-clip", 32, vocabulary, 0)
    return model


def write_open(model, told, space, options):
    """A model of open_clip's class with open_clip's own words."""
    from open_clip.tokenizer import SimpleTokenizer

    tokenizer = SimpleTokenizer()
    merges = sorted(tokenizer.bpe_ranks, key=tokenizer.bpe_ranks.get)
    vocab = {t.replace("<start_of_text>", "<|startoftext|>").replace("<end_of_text>", "<|endoftext|>"): i
             for t, i in tokenizer.encoder.items()}
    side = model.visual.image_size[0]
    write(OpenVision(model, options.tokens), OpenText(model, options.text_tokens), options.out, told,
          {"scaling": "raw", **kinds(options)}, space, side,
          (vocab, merges), 0)


def kinds(options):
    """For readers: of which kind the tokens are."""
    return {"image-tokens": options.tokens, "text-tokens": options.text_tokens}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint", nargs="?")
    parser.add_argument("out", type=Path)
    parser.add_argument("--open-clip", metavar="NAME:WEIGHTS")
    parser.add_argument("--openai", type=Path, metavar="FILE.pt", help="a checkpoint of openai/CLIP, a vision transformer")
    parser.add_argument("--vision", metavar="CHECKPOINT", help="transformers' CLIPVisionModelWithProjection")
    parser.add_argument("--subfolder", default="", help="with --vision: where it lies in the checkpoint of a pipeline")
    parser.add_argument("--tokens", choices=["projected", "hidden", "patches"], default="projected")
    parser.add_argument("--text-tokens", choices=["hidden", "projected"], default="hidden")
    spaces.options(parser, "that of the checkpoint")
    parser.add_argument("--tiny", type=int, metavar="SEED")
    parser.add_argument("--layout", choices=["transformers", "open_clip"], default="transformers")
    options = parser.parse_intermixed_args()
    torch.set_grad_enabled(False)
    if options.tiny is not None:
        write_tiny(options.tiny, options.layout, options.out, options.tokens, options.text_tokens)
    elif options.open_clip:
        import open_clip

        name, weights = options.open_clip.split(":")
        model = open_clip.create_model(name, pretrained=weights).eval()
        told = packs.told("open-clip", "clip", name + " " + weights, "see its model card", options.open_clip,
                          "arXiv:2212.07143", ["LAION-2B or as its name says"])
        write_open(model, told, options.space or "open_clip/" + options.open_clip, options)
    elif options.openai:
        from open_clip.openai import load_openai_model

        model = load_openai_model(str(options.openai), precision="fp32", device="cpu").eval()
        name = options.openai.stem
        told = packs.told("openai-clip", "clip", "CLIP " + name, "MIT", options.openai.name, "arXiv:2103.00020",
                          ["400 million pictures and texts of the web (WIT), not published"])
        write_open(model, told, options.space or "openai/CLIP " + name, options)
    elif options.vision:
        model = CLIPVisionModelWithProjection.from_pretrained(options.vision, subfolder=options.subfolder).eval()
        name = spaces.inside(options.vision, options.subfolder) if options.subfolder else options.vision
        side = model.config.image_size
        told = packs.told("clip-vision", "vision", name, "see its model card", options.vision, "arXiv:2103.00020",
                          ["see its model card"])
        packs.vision(Vision(model, options.tokens), options.out, told, {"image-tokens": options.tokens},
                     options.space or name,
                     {"size": side, "resize": side, "resample": "pillow-bicubic", "mean": MEAN, "std": STD})
    else:
        model = CLIPModel.from_pretrained(options.checkpoint).eval()
        tokenizer = CLIPTokenizerFast.from_pretrained(options.checkpoint)
        model_json = json.loads(tokenizer.backend_tokenizer.to_str())["model"]
        merges = [tuple(m) if isinstance(m, list) else tuple(m.split(" ")) for m in model_json["merges"]]
        told = packs.told("clip", "clip", options.checkpoint, "MIT", options.checkpoint, "arXiv:2103.00020",
                          ["400 million image-text pairs of the web (WIT)"])
        write(Vision(model, options.tokens), Text(model, options.text_tokens), options.out, told,
              {"scaling": "raw", "crop": "half-down", **kinds(options)}, options.space or options.checkpoint,
              model.config.vision_config.image_size, (model_json["vocab"], merges),
              tokenizer.pad_token_id)


if __name__ == "__main__":
    main()
