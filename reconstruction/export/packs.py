"""What the export scripts of this folder share: graphs of our own layout, their manifest, tiny parts for tests."""

import hashlib
import importlib.machinery
import json
import sys
import types
from pathlib import Path

import torch

# transformers imports torchaudio where it is installed, and fails where its CUDA differs from torch's.
sys.modules["torchaudio"] = types.ModuleType("torchaudio")
sys.modules["torchaudio"].__spec__ = importlib.machinery.ModuleSpec("torchaudio", None)

OPSET = 18
TYPES = {1: "float32", 10: "float16", 7: "int64", 6: "int32", 9: "bool"}


def export(module, inputs, outputs, free, file):
    """One graph. `free` names the axes that may change: {tensor: {axis: name}}."""
    file.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        module.eval(), tuple(inputs.values()), str(file), input_names=list(inputs), output_names=outputs,
        dynamic_axes=free, opset_version=OPSET, dynamo=False)
    sizes(file, module(*inputs.values()), free)
    return file


def sizes(file, made, free):
    """Every axis of the outputs that is not free gets its size, also where the trace lost it."""
    import onnx

    model = onnx.load(str(file), load_external_data=False)
    made = made if isinstance(made, tuple) else (made,)
    for value, tensor in zip(model.graph.output, made):
        for axis, size in enumerate(value.type.tensor_type.shape.dim):
            if axis not in free.get(value.name, {}):
                size.dim_value = tensor.shape[axis]
    onnx.save(model, str(file))


def graph(role, file, out):
    """A line of the manifest's `graphs`, as the graph itself says."""
    import onnx

    model = onnx.load(str(file), load_external_data=False)

    def port(value):
        kind = value.type.tensor_type
        axes = [str(d.dim_value) if d.HasField("dim_value") else d.dim_param for d in kind.shape.dim]
        return {"name": value.name, "type": TYPES[kind.elem_type], "axes": axes}

    return {"role": role, "path": file.relative_to(out).as_posix(),
            "inputs": [port(v) for v in model.graph.input], "outputs": [port(v) for v in model.graph.output]}


def manifest(out, told, graphs):
    """noesis-model.yaml with the hash of every file below `out`. JSON is YAML, so no library is needed."""
    files = []
    for file in sorted(p for p in out.rglob("*") if p.is_file() and p.name != "noesis-model.yaml"):
        content = file.read_bytes()
        files.append({"path": file.relative_to(out).as_posix(), "bytes": len(content),
                      "sha256": hashlib.sha256(content).hexdigest()})
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in told.items()]
    lines += ["graphs:"] + ["- " + json.dumps(g) for g in graphs]
    lines += ["files:"] + ["- " + json.dumps(f) for f in files]
    (out / "noesis-model.yaml").write_text("\n".join(lines) + "\n")


def told(name, kind, title, licence, source, citation, pretraining):
    return {"name": name, "kind": kind, "title": title, "licence": licence, "source": source, "citation": citation,
            "pretraining": pretraining, "dialect": "noesis"}


def vision(model, out, told, facts, space, preprocessing):
    """The pack of an image tower alone: `model` gives pooled vectors and tokens of `pixel_values`."""
    from safetensors.torch import save_file

    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(7)
    side, batch = preprocessing["size"], {0: "batch"}
    pixels = torch.randn(2, 3, side, side)
    file = export(model, {"pixel_values": pixels}, ["image_embeds", "image_tokens"],
                  {"pixel_values": batch, "image_embeds": batch, "image_tokens": batch}, out / "vision.onnx")
    pooled, tokens = model(pixels)
    save_file({"pixel_values": pixels, "image_embeds": pooled.contiguous(), "image_tokens": tokens.contiguous()},
              out / "golden.safetensors")
    manifest(out, {
        **told, "facts": {"scaling": "raw", "crop": "half-down", **facts},
        "space": {"model": space, "layer": "image_embeds", "dimension": pooled.shape[1], "tokens": 1},
        "preprocessing": preprocessing}, [graph("vision", file, out)])


def golden(embeddings, sentences, longest, out, search="greedy", width=1, length_penalty=0.0):
    """golden.safetensors: embeddings and the tokens of their captions, -1 behind the end of each."""
    import files

    tokens = torch.full((len(sentences), max(len(s) for s in sentences)), -1, dtype=torch.int64)
    for row, sentence in enumerate(sentences):
        tokens[row, :len(sentence)] = torch.tensor(sentence)
    files.save({"embeddings": embeddings, "tokens": tokens}, out / "golden.safetensors", {
        "search": search, "width": str(width), "length_penalty": str(length_penalty), "max_tokens": str(longest)})


class Past:
    """Keys and values of earlier tokens as plain tensors: what a layer's attention asks a cache for."""

    def __init__(self, flat):
        self.keys, self.values = list(flat[0::2]), list(flat[1::2])

    def update(self, key, value, layer, *_, **__):
        self.keys[layer] = torch.cat([self.keys[layer], key], dim=2)
        self.values[layer] = torch.cat([self.values[layer], value], dim=2)
        return self.keys[layer], self.values[layer]

    def get_seq_length(self, layer=0):
        return self.keys[layer].shape[2]

    def flat(self):
        return [t for pair in zip(self.keys, self.values) for t in pair]


def causal(first, count):
    """[1, 1, count, first + count]: 0 where a token may look, the lowest float where it may not."""
    rows = torch.arange(count)[:, None] + first
    columns = torch.arange(first + count)[None, :]
    return torch.where(columns > rows, torch.finfo(torch.float32).min, 0.0)[None, None]


def past_names(layers, kind):
    return [f"{kind}.{i}.{part}" for i in range(layers) for part in ("key", "value")]


def past_axes(layers):
    free = {name: {0: "past_batch", 2: "past"} for name in past_names(layers, "past_key_values")}
    free.update({name: {0: "batch", 2: "known"} for name in past_names(layers, "present")})
    return free


def byte_pairs(words, end="<|endoftext|>"):
    """A byte-level tokenizer.json (GPT-2's kind) that knows the letters and a few words."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocab = {letter: i for i, letter in enumerate(letters)}
    merges = []
    for word in (w.replace(" ", "\u0120") for w in words):
        have = word[0]
        for letter in word[1:]:
            if have + letter not in vocab:
                merges.append((have, letter))
                vocab[have + letter] = len(vocab)
            have += letter
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(end, special=True)])
    return tokenizer


def word_pieces(words):
    """A tokenizer.json of BERT's kind: letters, their continuations, a few words; [PAD] [UNK] [CLS] [SEP] first."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers

    letters = "abcdefghijklmnopqrstuvwxyz.,"
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *("##" + letter for letter in letters), *words]
    tokenizer = Tokenizer(models.WordPiece({piece: i for i, piece in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]"])
    return tokenizer


def unigrams(words):
    """A tokenizer.json of T5's kind: <pad> </s> <unk>, letters and a few words with their leading space."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -3.0)]
    pieces += [(letter, -5.0) for letter in "abcdefghijklmnopqrstuvwxyz.,"] + [("\u2581" + word, -4.0) for word in words]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=2))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens(["<pad>", "</s>", "<unk>"])
    return tokenizer


def save_tokenizer(tokenizer, out):
    (out / "tokenizer").mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(out / "tokenizer/tokenizer.json"))
